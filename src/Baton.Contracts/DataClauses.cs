namespace Baton.Contracts;

/// <summary><c>data</c>: what the data must be like.</summary>
public sealed record DataClause
{
    /// <summary>Test rows, at least.</summary>
    public int? MinRows { get; init; }

    /// <summary>Column that names a row: no value of it may be in the training data and in the test data.</summary>
    public string? Key { get; init; }

    /// <summary>Column of the time of a row: every test row is later than every training row.</summary>
    public string? Time { get; init; }

    /// <summary>What the label means, in words.</summary>
    public string? Label { get; init; }

    /// <summary>How long after a prediction its label is known.</summary>
    public TimeSpan? LabelDelay { get; init; }

    /// <summary>Columns that are not known yet when a prediction is made: no input of the model may be one.</summary>
    public IReadOnlyList<string> Unavailable { get; init; } = [];

    /// <summary>Columns that the model must not take as inputs.</summary>
    public IReadOnlyList<string> Sensitive { get; init; } = [];

    /// <summary>A dataset that only the consumer owns.</summary>
    public HoldoutClause? Holdout { get; init; }
}

/// <summary>A dataset that only the consumer owns, and that the author has never seen; its uses are counted.</summary>
public sealed record HoldoutClause
{
    /// <summary>Name that it was uploaded under.</summary>
    public required string Name { get; init; }

    /// <summary>How often it may be used before it counts as known; null for no limit.</summary>
    public int? MaxUses { get; init; }
}

/// <summary><c>robustness</c>: what the model must bear. A drop is of <see cref="Metric"/>, from the rows as they are to the rows as they were changed.</summary>
public sealed record RobustnessClause
{
    /// <summary>Metric that drops are measured in; null for the contract's first.</summary>
    public string? Metric { get; init; }

    /// <summary>Noise on the numbers, as a share of each column's standard deviation.</summary>
    public PerturbationClause? Noise { get; init; }

    /// <summary>Values left out at random: NaN where a column is of numbers, an empty text where it is of texts.</summary>
    public PerturbationClause? Missing { get; init; }

    /// <summary>A category that was never seen, in this share of the values of each column of texts.</summary>
    public PerturbationClause? UnknownCategories { get; init; }

    /// <summary>Columns whose values may be shuffled without moving any score.</summary>
    public IReadOnlyList<string> Invariant { get; init; } = [];

    /// <summary>Columns of numbers, and which way the score must go when they grow.</summary>
    public IReadOnlyList<DirectionClause> Direction { get; init; } = [];

    /// <summary>What the model must do on an empty batch, extremes, NaN and texts of every kind: <c>answer</c> or <c>answer_or_refuse</c>; null for no such demand.</summary>
    public string? EdgeCases { get; init; }

    /// <summary>Largest difference of a score between a row alone and the same row among others.</summary>
    public double? BatchWithin { get; init; }

    /// <summary>Largest difference of a score between two runs of the same rows.</summary>
    public double? DeterministicWithin { get; init; }
}

/// <summary>A change to the rows and what it may cost.</summary>
public sealed record PerturbationClause
{
    /// <summary>How strong, 0 to 1: of a column's standard deviation, or of its values.</summary>
    public double Level { get; init; } = 0.05;

    /// <summary>Greatest drop of the metric; null demands finite answers only.</summary>
    public double? MaxDrop { get; init; }
}

/// <summary>Which way the score goes when a column grows.</summary>
public sealed record DirectionClause
{
    /// <summary>The column.</summary>
    public required string Column { get; init; }

    /// <summary><c>rise</c> or <c>fall</c>: the score must not go the other way.</summary>
    public string Score { get; init; } = "rise";

    /// <summary>Share of rows, 0 to 1, for which it must hold. <value>0.95.</value></summary>
    public double MinShare { get; init; } = 0.95;
}
