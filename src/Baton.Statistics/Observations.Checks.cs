namespace Baton.Statistics;

/// <content>What is refused, what is missing, and what several metrics share.</content>
public sealed partial class Observations
{
    private readonly Lock _making = new();
    private double[]? _classes;
    private ScoreOrder? _order;
    private (int[] Cells, int Classes)? _cells;

    /// <summary>Predicted classes: as given, else of the greatest class score (the first of equal ones), else by the threshold.</summary>
    internal double[] ClassArray()
    {
        if (PredictionArray is not null)
            return PredictionArray;
        lock (_making)
        {
            return _classes ??= ClassScoreRows is { } rows
                ? Array.ConvertAll(rows, row => (double)Array.IndexOf(row, row.Max()))
                : Array.ConvertAll(ScoreArray!, score => score >= Threshold ? 1.0 : 0.0);
        }
    }

    /// <summary>Rows by falling score, sorted once for all metrics.</summary>
    internal ScoreOrder OrderByScore()
    {
        lock (_making)
            return _order ??= new ScoreOrder(ScoreArray!);
    }

    /// <summary>Pairs of true and predicted class, counted out once for all metrics.</summary>
    internal (int[] Cells, int Classes) ConfusionCells()
    {
        var classes = ClassArray();
        lock (_making)
            return _cells ??= Confusion.Cells(LabelArray, classes);
    }

    /// <summary>What these rows lack that a metric needs, in words; null where they have it all.</summary>
    internal string? Lacks(MetricNeeds needs) => needs switch
    {
        _ when needs.HasFlag(MetricNeeds.LabelSets) && TrueSets is null => "there are no sets of true labels",
        _ when needs.HasFlag(MetricNeeds.PredictedSets) && PredictedSets is null => "there are no sets of predicted labels",
        _ when needs.HasFlag(MetricNeeds.LabelScores) && LabelScoreRows is null => "there are no scores by label",
        _ when needs.HasFlag(MetricNeeds.Labels) && !HasLabels => "there is no label a row",
        _ when needs.HasFlag(MetricNeeds.Scores) && ScoreArray is null => "there are no scores",
        _ when needs.HasFlag(MetricNeeds.Probabilities) && ScoreArray is null && ClassScoreRows is null => "there are no scores",
        _ when needs.HasFlag(MetricNeeds.ClassScores) && ClassScoreRows is null => "there are no scores by class",
        _ when needs.HasFlag(MetricNeeds.Predictions) && PredictionArray is null => "there are no predictions",
        _ when needs.HasFlag(MetricNeeds.Classes) && PredictionArray is null && ScoreArray is null && ClassScoreRows is null => "there are no predicted classes",
        _ when needs.HasFlag(MetricNeeds.Queries) && QueryOfRow is null => "it is not told which query each row answers",
        _ when needs.HasFlag(MetricNeeds.Features) && FeatureRows is null => "there are no features",
        _ when needs.HasFlag(MetricNeeds.Intervals) && Intervals is null => "there are no predicted intervals",
        _ when needs.HasFlag(MetricNeeds.NaiveErrors) && NaiveScales is null => "there is no error of the naive forecast",
        _ when needs.HasFlag(MetricNeeds.Costs) && Costs is null => "it is not told what errors cost",
        _ when needs.HasFlag(MetricNeeds.Sensitive) && SensitiveOfRow is null => "there is no sensitive column",
        _ => null,
    };

    /// <summary>Whether two have the same truth in the same order.</summary>
    internal bool HasTruthOf(Observations other) =>
        LabelArray.AsSpan().SequenceEqual(other.LabelArray)
        && (TrueSets is null
            ? other.TrueSets is null
            : other.TrueSets is not null && TrueSets.Zip(other.TrueSets).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second)));

    /// <summary>The rows at these places, with all they have.</summary>
    /// <param name="places">Numbers of rows, from 0; at least one.</param>
    public Observations At(IReadOnlyList<int> places)
    {
        T[]? Pick<T>(IReadOnlyList<T>? column) => column is null ? null : [.. places.Select(place => column[place])];
        Observations rows = TrueSets is not null ? OfLabelSets(Pick(TrueSets)!, Pick(PredictedSets), Pick(LabelScoreRows), Pick(WeightArray))
            : HasLabels ? new(Pick(LabelArray)!, Pick(ScoreArray), Pick(PredictionArray), Pick(ClassScoreRows), Pick(WeightArray), Threshold)
            : Unlabelled(Pick(PredictionArray)!, Pick(WeightArray));
        return new Observations(rows)
        {
            Queries = Pick(Queries),
            Sensitive = Pick(Sensitive),
            Features = Pick(FeatureRows),
            Intervals = Pick(Intervals),
            NaiveScales = Pick(NaiveScales),
            Costs = Costs,
        };
    }

    private Observations(Observations rows)
        : this(rows.LabelArray, rows.WeightArray)
    {
        (HasLabels, ScoreArray, PredictionArray, ClassScoreRows, Threshold) =
            (rows.HasLabels, rows.ScoreArray, rows.PredictionArray, rows.ClassScoreRows, rows.Threshold);
        (TrueSets, PredictedSets, LabelScoreRows) = (rows.TrueSets, rows.PredictedSets, rows.LabelScoreRows);
    }

    private int[]? Number(IReadOnlyList<string>? keys, string name)
    {
        CheckCount(keys?.Count, name);
        return keys is null ? null : Numbered.Of(keys).Numbers;
    }

    private void CheckCount(int? count, string name)
    {
        if (count is not null && count != Count)
            throw new ArgumentException($"There are {count} {name} for {Count} rows; give one of each per row.");
    }

    private void CheckSets(double[][]? rows, string name, string parameter)
    {
        CheckMatrix(rows, name, 1, parameter, TrueSets![0].Length);
        var bad = rows is null ? -1 : Array.FindIndex(rows, row => row.Any(value => value is not (0 or 1)));
        if (bad >= 0)
            throw new ArgumentException($"A {name} of row {bad} (counted from 0) is neither 0 nor 1.", parameter);
    }

    private void CheckMatrix(double[][]? rows, string name, int least, string parameter, int? width = null)
    {
        if (rows is null)
            return;
        if (rows.Length != Count)
            throw new ArgumentException($"There are {name}s of {rows.Length} rows for {Count} labels; give one row of each.", parameter);
        var expected = width ?? Math.Max(least, rows[0].Length);
        for (var row = 0; row < rows.Length; row++)
        {
            if (rows[row].Length != expected)
                throw new ArgumentException($"Row {row} (counted from 0) has {rows[row].Length} {name}s; expected {expected}.", parameter);
            if (!rows[row].All(double.IsFinite))
                throw new ArgumentException($"A {name} of row {row} (counted from 0) is not finite.", parameter);
        }
    }

    private void Check(double[]? column, string name, string parameter)
    {
        if (column is null)
            return;
        if (column.Length != LabelArray.Length)
            throw new ArgumentException($"There are {column.Length} {name}s for {LabelArray.Length} labels; give one of each per row.", parameter);
        var bad = Array.FindIndex(column, value => !double.IsFinite(value));
        if (bad >= 0)
        {
            throw new ArgumentException(
                FormattableString.Invariant($"The {name} of row {bad} (counted from 0) is {column[bad]}; expected a finite number."), parameter);
        }
    }
}
