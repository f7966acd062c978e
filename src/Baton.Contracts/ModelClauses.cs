namespace Baton.Contracts;

/// <summary><c>reproduces</c>: at least <see cref="MinShare"/> of the reference rows must come within <see cref="Within"/> of the reference scores.</summary>
public sealed record ReproducesClause
{
    /// <summary>Largest absolute difference of a score that counts as the same. <value>1e-4 by default.</value></summary>
    public double Within { get; init; } = 1e-4;

    /// <summary>Allowed beside <see cref="Within"/>: this times the size of the reference score, as NumPy's <c>rtol</c>. <value>none.</value></summary>
    public double? Relative { get; init; }

    /// <summary>Share of rows, 0 to 1, that must agree; the others are listed by id. <value>1 by default.</value></summary>
    public double MinShare { get; init; } = 1;

    /// <summary>Bound on a percentile of the absolute differences; null for none.</summary>
    public ErrorPercentile? Error { get; init; }

    /// <summary>How often the <see cref="TopKAgreement.K"/> best classes must be the same; null for no such demand.</summary>
    public TopKAgreement? TopK { get; init; }

    /// <summary>Lowest evidence accepted; null for any.</summary>
    public EvidenceLevel? Evidence { get; init; }
}

/// <summary>A bound on a percentile of absolute differences of scores.</summary>
/// <param name="Percentile">Above 0 and below 100.</param>
/// <param name="Max">Greatest value of it.</param>
public sealed record ErrorPercentile(double Percentile, double Max);

/// <summary>Rows whose <see cref="K"/> highest-scored classes must be the same set as in the reference.</summary>
public sealed record TopKAgreement
{
    /// <summary>How many classes. <value>1.</value></summary>
    public int K { get; init; } = 1;

    /// <summary>Share of rows, 0 to 1. <value>1.</value></summary>
    public double MinShare { get; init; } = 1;
}

/// <summary><c>metrics.NAME</c>: bounds on one metric, decided on its confidence interval, never on the point alone.</summary>
public sealed record MetricClause
{
    /// <summary>Name of the metric as scikit-learn spells it, e.g. <c>roc_auc</c>.</summary>
    public required string Metric { get; init; }

    /// <summary>The metric must be at least this.</summary>
    public double? Min { get; init; }

    /// <summary>The metric must be at most this.</summary>
    public double? Max { get; init; }

    /// <summary>Two-sided confidence of the intervals, 0.5 to 0.999. <value>0.95 by default.</value></summary>
    public double Confidence { get; init; } = 0.95;

    /// <summary>Column of the reference predictions whose equal values belong together (a day, a user): intervals resample groups. <value>none: by row.</value></summary>
    public string? GroupBy { get; init; }

    /// <summary>
    /// Bound on candidate minus production, paired by row id: <c>Min = -0.005</c> reads "not more than 0.005 below the version in production".
    /// </summary>
    public Bound? AgainstProduction { get; init; }

    /// <summary>Bound on what was measured minus what the claims say: <c>Min = -0.01</c> reads "not more than 0.01 below the claim".</summary>
    public Bound? AgainstClaimed { get; init; }

    /// <summary>Bound on the model minus a trivial predictor, paired by row.</summary>
    public BaselineBound? AgainstBaseline { get; init; }

    /// <summary>Bounds within the slices that columns cut the rows into.</summary>
    public IReadOnlyList<SliceClause> Slices { get; init; } = [];

    /// <summary>Lowest evidence accepted; null for any.</summary>
    public EvidenceLevel? Evidence { get; init; }
}

/// <summary>A bound on the model minus a trivial predictor.</summary>
public sealed record BaselineBound
{
    /// <summary>The predictors there are.</summary>
    public static IReadOnlyList<string> Predictors { get; } = ["majority", "prior", "mean", "median", "last"];

    /// <summary>One of <see cref="Predictors"/>; null for the usual one of the task: the prior of each class, the mean, the last value.</summary>
    public string? Predictor { get; init; }

    /// <summary>The difference must be at least this.</summary>
    public double? Min { get; init; }

    /// <summary>The difference must be at most this.</summary>
    public double? Max { get; init; }
}

/// <summary>Bounds on a metric within every slice that a column cuts the rows into.</summary>
public sealed record SliceClause
{
    /// <summary>Column of the reference predictions.</summary>
    public required string Column { get; init; }

    /// <summary>In each slice the metric must be at least this.</summary>
    public double? Min { get; init; }

    /// <summary>In each slice the metric must be at most this.</summary>
    public double? Max { get; init; }

    /// <summary>No slice may be worse than all rows together by more than this.</summary>
    public double? MaxGap { get; init; }

    /// <summary>Slices of fewer rows are shown and not judged. <value>100.</value></summary>
    public int MinRows { get; init; } = 100;
}

/// <summary><c>fairness.COLUMN</c>: how differently the model may treat the groups of a sensitive column. Definitions are Fairlearn's.</summary>
public sealed record FairnessClause
{
    /// <summary>The measures there are, with whether a greater value is fairer.</summary>
    public static IReadOnlyList<(string Name, bool GreaterIsBetter)> Measures { get; } =
    [
        ("demographic_parity_difference", false), ("demographic_parity_ratio", true), ("equalized_odds_difference", false), ("equal_opportunity_difference", false),
    ];

    /// <summary>Sensitive column of the reference predictions.</summary>
    public required string Column { get; init; }

    /// <summary>Bounds by measure.</summary>
    public IReadOnlyDictionary<string, double> Bounds { get; init; } = new SortedDictionary<string, double>(StringComparer.Ordinal);

    /// <summary>Groups of fewer rows are shown and not judged. <value>100.</value></summary>
    public int MinRows { get; init; } = 100;
}

/// <summary><c>checks.NAME</c>: a metric or a check of the team's own. The command gets JSON on its input and answers with JSON (docs/contract/checks.md).</summary>
public sealed record CustomCheck
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Program and arguments, split at spaces; paths are relative to the package.</summary>
    public required string Command { get; init; }

    /// <summary>The value it gives must be at least this.</summary>
    public double? Min { get; init; }

    /// <summary>The value it gives must be at most this.</summary>
    public double? Max { get; init; }

    /// <summary>How long it may take. <value>one minute.</value></summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(1);
}
