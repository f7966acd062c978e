namespace Baton.Server.Runs.History;

/// <summary>At most so many points of a series by column, to be filled again and again: a long history passes through one.</summary>
internal sealed class PointBlock(int capacity)
{
    private const int FirstRoom = 512;

    private long[] _ats = new long[Math.Min(capacity, FirstRoom)];
    private DecimalStep[] _steps = new DecimalStep[Math.Min(capacity, FirstRoom)];
    private double[] _values = new double[Math.Min(capacity, FirstRoom)];

    public int Capacity => capacity;

    public int Count { get; private set; }

    /// <summary>Microseconds since 1970.</summary>
    public ReadOnlySpan<long> Ats => _ats.AsSpan(0, Count);

    public ReadOnlySpan<DecimalStep> Steps => _steps.AsSpan(0, Count);

    /// <summary>With NaN as itself.</summary>
    public ReadOnlySpan<double> Values => _values.AsSpan(0, Count);

    public bool IsFull => Count == capacity;

    public PointPlace Last => PlaceOf(Count - 1);

    public PointPlace PlaceOf(int i) =>
        double.IsNaN(_values[i]) ? new PointPlace(_ats[i], _steps[i], 0, true) : new PointPlace(_ats[i], _steps[i], _values[i], false);

    public void Clear() => Count = 0;

    public void Add(long at, DecimalStep step, double value)
    {
        if (Count == _ats.Length)
        {
            var room = Math.Min(capacity, Count * 4);
            Array.Resize(ref _ats, room);
            Array.Resize(ref _steps, room);
            Array.Resize(ref _values, room);
        }

        _ats[Count] = at;
        _steps[Count] = step;
        _values[Count] = value;
        Count++;
    }
}
