using System.Text.Json.Serialization;

namespace Baton.Contracts;

/// <summary>
/// What is demanded of any version of one registered model: negotiated, signed by both sides, changed seldom. About twenty lines of
/// YAML (<see cref="ContractParser"/>); its digest (<see cref="ContractCanon"/>) is what signatures, evidence and verdicts hang on.
/// </summary>
public sealed record Contract
{
    /// <summary>Name of the registered model.</summary>
    public required string Model { get; init; }

    /// <summary>What kind of problem it is, one of <see cref="Tasks"/>; null where the metrics tell.</summary>
    public string? Task { get; init; }

    /// <summary>The problem in words: what a prediction is used for.</summary>
    public string? Purpose { get; init; }

    /// <summary>The decision taken on a prediction, in words.</summary>
    public string? Decision { get; init; }

    /// <summary>What each error costs.</summary>
    public ErrorCosts? Costs { get; init; }

    /// <summary>Who answers for the model and who for the service.</summary>
    public ContractOwners? Owners { get; init; }

    /// <summary>Loaded from the package alone, the model gives the numbers its author saw.</summary>
    public ReproducesClause? Reproduces { get; init; }

    /// <summary>Bounds on metrics, in the order of the file.</summary>
    public IReadOnlyList<MetricClause> Metrics { get; init; } = [];

    /// <summary>Bounds on how differently groups of people are treated, by sensitive column.</summary>
    public IReadOnlyList<FairnessClause> Fairness { get; init; } = [];

    /// <summary>What the data must be like.</summary>
    public DataClause? Data { get; init; }

    /// <summary>What the model must bear.</summary>
    public RobustnessClause? Robustness { get; init; }

    /// <summary>Metrics and checks of the team's own, by command.</summary>
    public IReadOnlyList<CustomCheck> Checks { get; init; } = [];

    /// <summary>A percentile of the latency under load, on whatever machine the agent has.</summary>
    public LatencyClause? Latency { get; init; }

    /// <summary>Peak memory above an empty process.</summary>
    public MemoryClause? Memory { get; init; }

    /// <summary>What is demanded on named machines.</summary>
    public IReadOnlyList<HardwareClause> Hardware { get; init; } = [];

    /// <summary>Bounds on the package itself.</summary>
    public PackageClause? Package { get; init; }

    /// <summary>What must be known of the model's making.</summary>
    public ProvenanceClause? Provenance { get; init; }

    /// <summary>Signature and pickles.</summary>
    public SecurityClause? Security { get; init; }

    /// <summary>Rollout, drift, SLO, staleness, fallback: kept and shown with the contract; no evidence is asked for them at handover.</summary>
    public OperationsTerms? Operations { get; init; }

    /// <summary>The kinds of problem there are.</summary>
    public static IReadOnlyList<string> Tasks { get; } =
        ["binary", "multiclass", "multilabel", "regression", "forecasting", "ranking", "clustering", "anomaly_detection"];

    /// <summary>
    /// Names of its clauses, as evidence must have them: <c>reproduces</c>, <c>metrics.NAME</c>, <c>metrics.NAME.slices.COLUMN</c>, <c>data.overlap</c>,
    /// <c>hardware.NAME.p95</c> …, with the lowest evidence that each accepts; null where any will do.
    /// </summary>
    [JsonIgnore]
    public IEnumerable<DemandedClause> Demanded => ContractClauses.Of(this);

    /// <summary>The names of <see cref="Demanded"/>.</summary>
    [JsonIgnore]
    public IEnumerable<string> ClauseNames => Demanded.Select(c => c.Name);
}

/// <summary>The two sides of a contract; each signs for its own.</summary>
/// <param name="Model">Team or person that answers for the model (the data science side).</param>
/// <param name="Service">Team or person that answers for the service (the engineering side).</param>
public sealed record ContractOwners(string? Model, string? Service);

/// <summary>What each error costs, in any unit of worth.</summary>
public sealed record ErrorCosts
{
    /// <summary>Cost of a row called positive that is negative.</summary>
    public double? FalsePositive { get; init; }

    /// <summary>Cost of a row called negative that is positive.</summary>
    public double? FalseNegative { get; init; }

    /// <summary>Cost of a row rightly called positive; below 0 for a gain.</summary>
    public double? TruePositive { get; init; }

    /// <summary>Cost of a row rightly called negative; below 0 for a gain.</summary>
    public double? TrueNegative { get; init; }

    /// <summary>Cost of being off by one unit, where the prediction is a number.</summary>
    public double? PerUnit { get; init; }

    /// <summary>What costs are counted in, e.g. <c>EUR</c>.</summary>
    public string? Currency { get; init; }
}

/// <summary>A clause that evidence must have.</summary>
/// <param name="Name">Its name.</param>
/// <param name="LowestEvidence">Lowest evidence it accepts; null for any.</param>
public sealed record DemandedClause(string Name, EvidenceLevel? LowestEvidence = null);
