using System.Text.Json.Serialization;

namespace Baton.Contracts;

/// <summary>Outcome of a clause, or of a contract. Only <see cref="Pass"/> opens a gate.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<Verdict>))]
public enum Verdict
{
    /// <summary>The evidence shows the clause holds.</summary>
    Pass,

    /// <summary>The evidence shows it does not.</summary>
    Fail,

    /// <summary>The evidence cannot tell: an interval straddles a bound, or there are too few samples.</summary>
    Inconclusive,

    /// <summary>Nothing was measured; the reason says why.</summary>
    NotRun,
}

/// <summary>How a number was obtained; later is stronger.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<EvidenceLevel>))]
public enum EvidenceLevel
{
    /// <summary>Somebody typed it.</summary>
    Declared,

    /// <summary>Read from the package.</summary>
    Extracted,

    /// <summary>Recomputed from stored predictions and ground truth.</summary>
    Replayed,

    /// <summary>The model was run.</summary>
    ReExecuted,

    /// <summary>Load-tested on fingerprinted hardware.</summary>
    Measured,

    /// <summary>Held in production over a window.</summary>
    Observed,
}

/// <summary>A confidence interval.</summary>
/// <param name="Low">Lower end, in the clause's unit.</param>
/// <param name="High">Upper end, in the clause's unit.</param>
/// <param name="Confidence">Two-sided confidence, 0 to 1.</param>
public sealed record Interval(double Low, double High, double Confidence);

/// <summary>A bound: at least <paramref name="Min"/>, at most <paramref name="Max"/>, in the clause's unit; either may be absent.</summary>
public sealed record Bound(double? Min = null, double? Max = null);

/// <summary>What was found for one clause. Numbers are in <see cref="Unit"/>.</summary>
public sealed record ClauseResult
{
    /// <summary>Name of the clause: its path in the contract (<c>metrics.roc_auc</c>), or the name of a standing check (<c>interface</c>).</summary>
    public required string Name { get; init; }

    /// <summary>The verdict.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>How the number was obtained.</summary>
    public required EvidenceLevel Evidence { get; init; }

    /// <summary>The demand in one short phrase, e.g. <c>at least 0.60 (95 % interval by date)</c>.</summary>
    public required string Demanded { get; init; }

    /// <summary>One sentence for people: why this verdict; what to do where it is not a pass.</summary>
    public required string Reason { get; init; }

    /// <summary>Unit of the numbers: <c>ms</c>, <c>MiB</c>, <c>share of rows</c>, empty for a pure number or a text.</summary>
    public string Unit { get; init; } = "";

    /// <summary>What the claims say; null where they say nothing.</summary>
    public Reading? Claimed { get; init; }

    /// <summary>What was found; null where nothing was.</summary>
    public Reading? Measured { get; init; }

    /// <summary>Confidence interval of the measured number.</summary>
    public Interval? Interval { get; init; }

    /// <summary>The demanded bound.</summary>
    public Bound? Bound { get; init; }

    /// <summary>The comparison with the version in production, where one was demanded and there is one.</summary>
    public Comparison? Comparison { get; init; }

    /// <summary>How many more samples would likely decide an inconclusive clause.</summary>
    public MoreNeeded? MoreNeeded { get; init; }

    /// <summary>Rows that differ, worst first, at most 1,000; <see cref="DifferingRowCount"/> has the count.</summary>
    public IReadOnlyList<DifferingRow> DifferingRows { get; init; } = [];

    /// <summary>How many rows differ.</summary>
    public long DifferingRowCount { get; init; }

    /// <summary>Further facts, label to text, in order: sample sizes, file digests, what differs.</summary>
    public IReadOnlyList<Fact> Facts { get; init; } = [];

    /// <summary>Series to draw, e.g. the metric by day, or quantiles of the latency.</summary>
    public IReadOnlyList<Series> Series { get; init; } = [];
}

/// <summary>A further fact of a clause.</summary>
public sealed record Fact(string Label, string Text);

/// <summary>A named series to draw.</summary>
/// <param name="Name">Legend, e.g. <c>this version</c> or <c>production</c>.</param>
/// <param name="X">Labels of the points: days, percentiles.</param>
/// <param name="Y">Values; null where there is none.</param>
public sealed record Series(string Name, IReadOnlyList<string> X, IReadOnlyList<double?> Y);

/// <summary>A row whose score differs from the reference.</summary>
/// <param name="Id">Row id.</param>
/// <param name="Expected">Reference score.</param>
/// <param name="Actual">Score of the model when run; one that is not a number is written as the text <c>NaN</c>.</param>
[JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)]
public sealed record DifferingRow(string Id, double Expected, double Actual);

/// <summary>Candidate minus production, paired by row.</summary>
public sealed record Comparison
{
    /// <summary>Version in production at the time.</summary>
    public required string Version { get; init; }

    /// <summary>Its value of the metric on the common rows.</summary>
    public required double Production { get; init; }

    /// <summary>Candidate minus production.</summary>
    public required double Difference { get; init; }

    /// <summary>Interval of the difference.</summary>
    public required Interval Interval { get; init; }

    /// <summary>The demanded bound on the difference.</summary>
    public required Bound Bound { get; init; }

    /// <summary>Verdict of the comparison alone.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>Rows that both versions predicted.</summary>
    public required long Rows { get; init; }
}

/// <summary>How much more would likely decide.</summary>
/// <param name="Count">How many more.</param>
/// <param name="Unit">Of what: <c>date</c> (groups), <c>rows</c>, <c>requests</c>.</param>
public sealed record MoreNeeded(long Count, string Unit);

/// <summary>All that verification found for one candidate. Immutable; its digest stands in the ledger.</summary>
public sealed record Evidence
{
    /// <summary>Version of this document's shape.</summary>
    public int Format { get; init; } = 1;

    /// <summary>Registered model.</summary>
    public required string Model { get; init; }

    /// <summary>Version, where registered.</summary>
    public string? Version { get; init; }

    /// <summary>Digest of the contract.</summary>
    public required string ContractDigest { get; init; }

    /// <summary>Digest of the claims.</summary>
    public required string ClaimsDigest { get; init; }

    /// <summary>Digest of the package that was verified.</summary>
    public required string PackageDigest { get; init; }

    /// <summary>Version in production that it was compared with, or could not be because that one has no claims.</summary>
    public string? ProductionVersion { get; init; }

    /// <summary>Digest of that version's package.</summary>
    public string? ProductionPackageDigest { get; init; }

    /// <summary>The worst of the clauses: fail, else not run, else inconclusive, else pass.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>Clauses: those of the contract in its order, then the standing checks.</summary>
    public required IReadOnlyList<ClauseResult> Clauses { get; init; }

    /// <summary>The machine it was measured on.</summary>
    public required Machine Machine { get; init; }

    /// <summary>When it began, UTC.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended, UTC.</summary>
    public required DateTimeOffset FinishedAt { get; init; }

    /// <summary>Worst verdict of clauses, in the order fail, not run, inconclusive, pass; not run for none.</summary>
    public static Verdict Overall(IReadOnlyCollection<ClauseResult> clauses) =>
        clauses.Any(c => c.Verdict == Verdict.Fail) ? Verdict.Fail
        : clauses.Count == 0 || clauses.Any(c => c.Verdict == Verdict.NotRun) ? Verdict.NotRun
        : clauses.Any(c => c.Verdict == Verdict.Inconclusive) ? Verdict.Inconclusive
        : Verdict.Pass;
}

/// <summary>Fingerprint of the hardware and runtime that a measurement was made on.</summary>
public sealed record Machine
{
    /// <summary>CPU model name.</summary>
    public required string Cpu { get; init; }

    /// <summary>Cores this process may use (cgroup quota and affinity).</summary>
    public required double Cores { get; init; }

    /// <summary>Memory this process may use, bytes.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>Operating system and kernel.</summary>
    public required string OperatingSystem { get; init; }

    /// <summary>Runtime that ran the model, e.g. <c>ONNX Runtime 1.31.1, CPU</c>.</summary>
    public required string Runtime { get; init; }

    /// <summary>Load average over cores when it began: above about 0.5 the times are noisy.</summary>
    public double LoadPerCore { get; init; }

    /// <summary>Instruction sets of the CPU that models profit from, e.g. <c>avx2</c>, <c>avx512_vnni</c>; null where not known.</summary>
    public IReadOnlyList<string>? CpuFlags { get; init; }

    /// <summary>Cores by quota of the control group; null for none.</summary>
    public double? CpuQuota { get; init; }

    /// <summary>Memory of the machine, bytes; null where not known.</summary>
    public long? PhysicalMemoryBytes { get; init; }

    /// <summary>Memory by limit of the control group, bytes; null for none.</summary>
    public long? MemoryLimitBytes { get; init; }

    /// <summary>How the kernel sets the clock of the CPU, e.g. <c>performance</c>; null where it does not, or does not tell.</summary>
    public string? Governor { get; init; }

    /// <summary>Version of the kernel.</summary>
    public string? Kernel { get; init; }

    /// <summary>What it is a guest of, e.g. <c>virtual machine</c>, <c>container</c>; null for a machine of its own, or where it does not show.</summary>
    public string? Virtualised { get; init; }

    /// <summary>GPUs that are there, whether or not they were used; null or empty for none.</summary>
    public IReadOnlyList<Gpu>? Gpus { get; init; }

    /// <summary>Build of the runtime, in its own words; null where nothing ran.</summary>
    public string? RuntimeBuild { get; init; }

    /// <summary>Execution provider that the model's operators were really given to, one of <see cref="MachineDemand.Providers"/>; null where nothing ran.</summary>
    public string? Provider { get; init; }
}

/// <summary>A GPU.</summary>
/// <param name="Name">Model, e.g. <c>NVIDIA T4</c>.</param>
/// <param name="MemoryBytes">Its memory; null where not known.</param>
/// <param name="Driver">Version of its driver; null where not known.</param>
public sealed record Gpu(string Name, long? MemoryBytes, string? Driver);

/// <summary>The input of one verification: what an agent's job carries.</summary>
public sealed record VerificationRequest
{
    /// <summary>Registered model.</summary>
    public required string Model { get; init; }

    /// <summary>Version, where registered.</summary>
    public string? Version { get; init; }

    /// <summary>The contract's text, YAML.</summary>
    public required string Contract { get; init; }

    /// <summary>The claims of the candidate.</summary>
    public required Claims Claims { get; init; }

    /// <summary>The sealed files of the candidate, which may differ from what the claims say.</summary>
    public required Manifest Package { get; init; }

    /// <summary>The version in production to compare with; null where there is none, it is this one, or it is <see cref="UncomparableProduction"/>.</summary>
    public ProductionVersion? Production { get; init; }

    /// <summary>Number of a version in production that has no claims or no sealed package, so that nothing can be compared with it; else null.</summary>
    public string? UncomparableProduction { get; init; }

    /// <summary>The holdout that the contract names; null where it names none, or none was uploaded.</summary>
    public HoldoutDataset? Holdout { get; init; }
}

/// <summary>Data that only the service side knows. An agent has them as a Parquet file.</summary>
/// <param name="Name">Name that it was uploaded under.</param>
/// <param name="Sha256">Digest of the file as <c>sha256:…</c>.</param>
/// <param name="Uses">Verifications that these bytes were used in, this one counted.</param>
/// <param name="Columns">Which column is what.</param>
public sealed record HoldoutDataset(string Name, string Sha256, int Uses, ReferenceColumns Columns);

/// <summary>The version in production.</summary>
/// <param name="Version">Its number.</param>
/// <param name="Claims">Its claims.</param>
/// <param name="Package">Its sealed files.</param>
public sealed record ProductionVersion(string Version, Claims Claims, Manifest Package);
