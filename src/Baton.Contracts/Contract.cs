namespace Baton.Contracts;

/// <summary>
/// What is demanded of any version of one registered model: negotiated, signed by both sides, changed seldom. About twenty lines of
/// YAML (<see cref="ContractParser"/>); its digest (<see cref="ContractCanon"/>) is what signatures, evidence and verdicts hang on.
/// </summary>
public sealed record Contract
{
    /// <summary>Name of the registered model.</summary>
    public required string Model { get; init; }

    /// <summary>The problem in words: what a prediction is used for.</summary>
    public string? Purpose { get; init; }

    /// <summary>Who answers for the model and who for the service.</summary>
    public ContractOwners? Owners { get; init; }

    /// <summary>Loaded from the package alone, the model gives the numbers its author saw.</summary>
    public ReproducesClause? Reproduces { get; init; }

    /// <summary>Bounds on metrics, in the order of the file.</summary>
    public IReadOnlyList<MetricClause> Metrics { get; init; } = [];

    /// <summary>A percentile of the latency under load.</summary>
    public LatencyClause? Latency { get; init; }

    /// <summary>Peak memory above an empty process.</summary>
    public MemoryClause? Memory { get; init; }

    /// <summary>Names of its clauses, as evidence must have them: <c>reproduces</c>, <c>metrics.NAME</c>, <c>latency</c>, <c>memory</c>.</summary>
    public IEnumerable<string> ClauseNames =>
    [
        .. Reproduces is null ? (ReadOnlySpan<string>)[] : ["reproduces"],
        .. Metrics.Select(m => $"metrics.{m.Metric}"),
        .. Latency is null ? (ReadOnlySpan<string>)[] : ["latency"],
        .. Memory is null ? (ReadOnlySpan<string>)[] : ["memory"],
    ];
}

/// <summary>The two sides of a contract; each signs for its own.</summary>
/// <param name="Model">Team or person that answers for the model (the data science side).</param>
/// <param name="Service">Team or person that answers for the service (the engineering side).</param>
public sealed record ContractOwners(string? Model, string? Service);

/// <summary><c>reproduces</c>: at least <see cref="MinShare"/> of the reference rows must come within <see cref="Within"/> of the reference scores.</summary>
public sealed record ReproducesClause
{
    /// <summary>Largest absolute difference of a score that counts as the same. <value>1e-4 by default.</value></summary>
    public double Within { get; init; } = 1e-4;

    /// <summary>Share of rows, 0 to 1, that must agree; the others are listed by id. <value>1 by default.</value></summary>
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
}

/// <summary><c>latency</c>: a percentile of the time from planned arrival to answer, under a load that arrives whether or not the model keeps up.</summary>
public sealed record LatencyClause
{
    /// <summary>The percentile, above 0 and below 100; 95 in <c>p95</c>.</summary>
    public required double Percentile { get; init; }

    /// <summary>Upper bound on it.</summary>
    public required TimeSpan Max { get; init; }

    /// <summary>Mean arrival rate of the load, requests a second (Poisson arrivals). <value>20 by default.</value></summary>
    public double RequestsPerSecond { get; init; } = 20;

    /// <summary>Rows in one request. <value>1 by default.</value></summary>
    public int RowsPerRequest { get; init; } = 1;
}

/// <summary><c>memory</c>: peak resident memory of a process that loads and runs the model, less that of the same process without it.</summary>
/// <param name="MaxBytes">Upper bound in bytes.</param>
public sealed record MemoryClause(long MaxBytes);
