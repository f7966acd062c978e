using Baton.Database;

namespace Baton.Server.Runs;

/// <summary>Points of one run by column, as they go to the database. The optional columns come into being with their first value.</summary>
internal sealed class MetricRows
{
    private LogKey[] _keys = new LogKey[8];
    private double[] _values = new double[8];
    private bool[] _nans = new bool[8];
    private long[] _ats = new long[8];
    private long[] _steps = new long[8];
    private long[] _stepMicros = new long[8];

    public int Count { get; private set; }

    /// <summary>Which of the points belong to a logged model too, and what it was measured on.</summary>
    public IReadOnlyList<ModelPoint> OfModels => _ofModels ?? (IReadOnlyList<ModelPoint>)[];

    private List<ModelPoint>? _ofModels;

    public ReadOnlySpan<LogKey> Keys => _keys.AsSpan(0, Count);

    /// <summary>Adds a point. NaN is a flag beside 0; infinities are clamped, as MLflow's clients expect.</summary>
    /// <param name="key">Its metric.</param>
    /// <param name="value">Any real.</param>
    /// <param name="at">Microseconds since 1970.</param>
    /// <param name="step">The whole part of its step, rounded down.</param>
    /// <param name="stepMicros">The rest of its step in millionths.</param>
    public void Add(LogKey key, double value, long at, long step, long stepMicros = 0)
    {
        if (Count == _keys.Length)
            Resize(Count * 2);
        var nan = double.IsNaN(value);
        _keys[Count] = key;
        _values[Count] = nan ? 0 : Math.Clamp(value, -double.MaxValue, double.MaxValue);
        _nans[Count] = nan;
        _ats[Count] = at;
        _steps[Count] = step;
        _stepMicros[Count] = stepMicros;
        Count++;
    }

    /// <summary>Says that the point added last is a logged model's too.</summary>
    public void BelongsTo(string modelId, string? datasetName, string? datasetDigest) =>
        (_ofModels ??= []).Add(new ModelPoint(Count - 1, modelId, datasetName, datasetDigest));

    /// <summary>The columns of <c>metrics</c> after run_no and key_no.</summary>
    public RowColumn[] Columns(long runNo, long[] keyNumbers)
    {
        Resize(Count);
        return
        [
            RowColumn.OfAll(runNo), RowColumn.Of(keyNumbers), RowColumn.Of(_ats), RowColumn.Of(_steps), RowColumn.Of(_stepMicros),
            RowColumn.Of(_values), RowColumn.Of(_nans),
        ];
    }

    /// <summary>The columns of <c>latest_metrics</c>: of each metric its greatest point by (step, time, value), its least and its greatest value.</summary>
    public RowColumn[] LatestColumns(long runNo, long[] keyNumbers)
    {
        var places = new Dictionary<long, int>(Count);
        var greatest = new List<int>(Count);
        var (least, most) = (new List<double?>(Count), new List<double?>(Count));
        for (var i = 0; i < Count; i++)
        {
            double? value = _nans[i] ? null : _values[i];
            ref var place = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(places, keyNumbers[i], out var known);
            if (!known)
            {
                place = greatest.Count;
                greatest.Add(i);
                least.Add(value);
                most.Add(value);
                continue;
            }

            if (Compare(i, greatest[place]) > 0)
                greatest[place] = i;
            if (value is not null && !(least[place] <= value))
                least[place] = value;
            if (value is not null && !(most[place] >= value))
                most[place] = value;
        }

        var chosen = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(greatest);
        return
        [
            RowColumn.OfAll(runNo), RowColumn.Of(Pick(keyNumbers, chosen)), RowColumn.Of(Pick(_ats, chosen)), RowColumn.Of(Pick(_steps, chosen)),
            RowColumn.Of(Pick(_stepMicros, chosen)), RowColumn.Of(Pick(_values, chosen)), RowColumn.Of(Pick(_nans, chosen)),
            RowColumn.Of([.. least]), RowColumn.Of([.. most]),
        ];
    }

    /// <summary>The columns of <c>logged_model_metrics</c>.</summary>
    public RowColumn[] ModelColumns(string project, string runId)
    {
        var places = OfModels.Select(point => point.Place).ToArray();
        return
        [
            RowColumn.OfAll(project), RowColumn.Of([.. OfModels.Select(point => point.ModelId)]), RowColumn.Of([.. places.Select(i => _keys[i].Text)]),
            RowColumn.Of(Pick(_ats, places)), RowColumn.Of(Pick(_steps, places)), RowColumn.OfAll(runId), RowColumn.Of(Pick(_values, places)), RowColumn.Of(Pick(_nans, places)),
            RowColumn.Of([.. OfModels.Select(point => point.DatasetName)]), RowColumn.Of([.. OfModels.Select(point => point.DatasetDigest)]),
        ];
    }

    private int Compare(int a, int b)
    {
        var order = _steps[a].CompareTo(_steps[b]);
        order = order != 0 ? order : _stepMicros[a].CompareTo(_stepMicros[b]);
        order = order != 0 ? order : _ats[a].CompareTo(_ats[b]);
        return order != 0 ? order : _values[a].CompareTo(_values[b]);
    }

    private static T[] Pick<T>(T[] values, ReadOnlySpan<int> places)
    {
        var picked = new T[places.Length];
        for (var i = 0; i < picked.Length; i++)
            picked[i] = values[places[i]];
        return picked;
    }

    private void Resize(int length)
    {
        Array.Resize(ref _keys, length);
        Array.Resize(ref _values, length);
        Array.Resize(ref _nans, length);
        Array.Resize(ref _ats, length);
        Array.Resize(ref _steps, length);
        Array.Resize(ref _stepMicros, length);
    }
}

/// <summary>A point that a logged model has too.</summary>
/// <param name="Place">Its place among the points.</param>
/// <param name="ModelId">The model.</param>
/// <param name="DatasetName">What it was measured on, where the client said so.</param>
/// <param name="DatasetDigest">The dataset's digest.</param>
internal sealed record ModelPoint(int Place, string ModelId, string? DatasetName, string? DatasetDigest);
