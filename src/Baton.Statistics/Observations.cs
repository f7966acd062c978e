namespace Baton.Statistics;

/// <summary>
/// What a metric is computed from: per row the truth, and the model's score or prediction. What only some metrics need is set by name:
/// <c>new Observations(labels, scores) { Queries = queries }</c>.
/// </summary>
public sealed partial class Observations
{
    /// <summary>Rows in any order, the same in each list.</summary>
    /// <param name="labels">Ground truth: 0 or 1 for binary classification, any number for regression.</param>
    /// <param name="scores">Probability (or any rank score) of the positive class; null where the model gives none.</param>
    /// <param name="predictions">
    /// Predicted class, value or cluster; null where the model gives none, and classes are then scores of at least <paramref name="threshold"/>, or the
    /// class of the greatest class score.
    /// </param>
    /// <param name="classScores">Per row the score of each class, shape [rows, classes], for labels 0 to classes - 1; null where there is one score.</param>
    /// <param name="weights">Weight of each row, 0 or more, at least one above 0; null counts every row once.</param>
    /// <param name="threshold">Score from which a row is predicted positive.</param>
    /// <exception cref="ArgumentException">No row, unequal lengths, a value that is not finite, or neither scores nor predictions.</exception>
    public Observations(
        IEnumerable<double> labels, IEnumerable<double>? scores = null, IEnumerable<double>? predictions = null,
        IEnumerable<IReadOnlyList<double>>? classScores = null, IEnumerable<double>? weights = null, double threshold = 0.5)
        : this([.. labels], weights?.ToArray())
    {
        HasLabels = true;
        ScoreArray = scores?.ToArray();
        PredictionArray = predictions?.ToArray();
        ClassScoreRows = classScores?.Select(row => row.ToArray()).ToArray();
        Threshold = threshold;
        if (ScoreArray is null && PredictionArray is null && ClassScoreRows is null)
            throw new ArgumentException("There are neither scores nor predictions; give at least one of them.", nameof(scores));
        CheckMatrix(ClassScoreRows, "class score", 2, nameof(classScores));
        Check(LabelArray, "label", nameof(labels));
        Check(ScoreArray, "score", nameof(scores));
        Check(PredictionArray, "prediction", nameof(predictions));
    }

    private Observations(double[] labels, double[]? weights)
    {
        LabelArray = labels;
        WeightArray = weights;
        if (LabelArray.Length == 0)
            throw new ArgumentException("There is no row; a metric needs at least one.", nameof(labels));
        Check(WeightArray, "weight", nameof(weights));
        if (WeightArray is not null && (Array.Exists(WeightArray, weight => weight < 0) || Array.TrueForAll(WeightArray, weight => weight == 0)))
            throw new ArgumentException("Weights are 0 or more, and at least one is above 0.", nameof(weights));
    }

    /// <summary>Rows with any number of labels each.</summary>
    /// <param name="truth">Which labels are true: shape [rows, labels], 0 or 1.</param>
    /// <param name="predicted">Which labels are predicted: the same shape, 0 or 1; null where there are scores only.</param>
    /// <param name="scores">Score of each label: the same shape; null where there are none.</param>
    /// <param name="weights">Weight of each row; null counts every row once.</param>
    /// <exception cref="ArgumentException">No row, another shape, a value that is neither 0 nor 1, or a score that is not finite.</exception>
    public static Observations OfLabelSets(
        IEnumerable<IReadOnlyList<double>> truth, IEnumerable<IReadOnlyList<double>>? predicted = null,
        IEnumerable<IReadOnlyList<double>>? scores = null, IEnumerable<double>? weights = null)
    {
        double[][] sets = [.. truth.Select(row => row.ToArray())];
        var rows = new Observations(new double[sets.Length], weights?.ToArray())
        {
            TrueSets = sets,
            PredictedSets = predicted?.Select(row => row.ToArray()).ToArray(),
            LabelScoreRows = scores?.Select(row => row.ToArray()).ToArray(),
        };
        rows.CheckSets(rows.TrueSets, "true label", nameof(truth));
        rows.CheckSets(rows.PredictedSets, "predicted label", nameof(predicted));
        rows.CheckMatrix(rows.LabelScoreRows, "label score", 1, nameof(scores), sets[0].Length);
        return rows;
    }

    /// <summary>Rows whose truth is not known: for clusters and their features, shares predicted positive, widths of intervals.</summary>
    /// <param name="predictions">Predicted class, value or cluster.</param>
    /// <param name="weights">Weight of each row; null counts every row once.</param>
    public static Observations Unlabelled(IEnumerable<double> predictions, IEnumerable<double>? weights = null)
    {
        double[] values = [.. predictions];
        var rows = new Observations(new double[values.Length], weights?.ToArray()) { PredictionArray = values };
        rows.Check(values, "prediction", nameof(predictions));
        return rows;
    }

    /// <summary>Number of rows.</summary>
    public int Count => LabelArray.Length;

    /// <summary>Ground truth; zeros where it is not known, or is a set a row.</summary>
    public IReadOnlyList<double> Labels => LabelArray;

    /// <summary>Scores of the positive class.</summary>
    public IReadOnlyList<double>? Scores => ScoreArray;

    /// <summary>Predicted classes or values.</summary>
    public IReadOnlyList<double>? Predictions => PredictionArray;

    /// <summary>Scores by row and class.</summary>
    public IReadOnlyList<IReadOnlyList<double>>? ClassScores => ClassScoreRows;

    /// <summary>Weight of each row.</summary>
    public IReadOnlyList<double>? Weights => WeightArray;

    /// <summary>Score from which a row is predicted positive.</summary>
    public double Threshold { get; } = 0.5;

    /// <summary>The query that each row answers; for ranking.</summary>
    public IReadOnlyList<string>? Queries
    {
        get;
        init
        {
            field = value;
            QueryOfRow = Number(value, "queries");
        }
    }

    /// <summary>Value of a sensitive column in each row; for fairness.</summary>
    public IReadOnlyList<string>? Sensitive
    {
        get;
        init
        {
            field = value;
            SensitiveOfRow = Number(value, "sensitive values");
            SensitiveValues = value is null ? 0 : SensitiveOfRow!.Max() + 1;
        }
    }

    /// <summary>Features, shape [rows, features]; for clustering.</summary>
    public IReadOnlyList<IReadOnlyList<double>>? Features
    {
        get => FeatureRows;
        init
        {
            FeatureRows = value?.Select(row => row.ToArray()).ToArray();
            CheckMatrix(FeatureRows, "feature", 1, nameof(Features));
        }
    }

    /// <summary>Lower and upper end of the predicted interval of each row; for forecasting.</summary>
    public IReadOnlyList<(double Low, double High)>? Intervals
    {
        get;
        init
        {
            field = value;
            CheckCount(value?.Count, "intervals");
            if (value?.Index().FirstOrDefault(i => !(i.Item.Low <= i.Item.High && double.IsFinite(i.Item.High - i.Item.Low)), (-1, default)) is { Index: >= 0 } bad)
                throw new ArgumentException(FormattableString.Invariant($"The interval of row {bad.Index} (counted from 0) is {bad.Item.Low} to {bad.Item.High}; expected finite ends in order."));
        }
    }

    /// <summary>Error of the naive forecast on the history of each row's series (<see cref="Baselines.NaiveScale"/>); for forecasting.</summary>
    public IReadOnlyList<NaiveScale>? NaiveScales
    {
        get;
        init
        {
            field = value;
            CheckCount(value?.Count, "naive errors");
        }
    }

    /// <summary>What errors cost.</summary>
    public CostTable? Costs { get; init; }

    internal bool HasLabels { get; }

    internal double[] LabelArray { get; }

    internal double[]? ScoreArray { get; }

    internal double[]? PredictionArray { get; private init; }

    internal double[][]? ClassScoreRows { get; }

    internal double[]? WeightArray { get; }

    internal double[][]? TrueSets { get; private init; }

    internal double[][]? PredictedSets { get; private init; }

    internal double[][]? LabelScoreRows { get; private init; }

    internal double[][]? FeatureRows { get; private init; }

    internal int[]? QueryOfRow { get; private init; }

    internal int[]? SensitiveOfRow { get; private init; }

    internal int SensitiveValues { get; private init; }
}
