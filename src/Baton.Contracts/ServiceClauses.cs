namespace Baton.Contracts;

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

/// <summary><c>hardware.NAME</c>: what is demanded on a machine that matches <see cref="On"/>. A measurement on any other counts for nothing.</summary>
public sealed record HardwareClause
{
    /// <summary>The scenarios of MLPerf Inference.</summary>
    public static IReadOnlyList<string> Scenarios { get; } = ["single_stream", "multi_stream", "server", "offline"];

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The machine; null for any.</summary>
    public MachineDemand? On { get; init; }

    /// <summary>One of <see cref="Scenarios"/>. <value><c>server</c>.</value></summary>
    public string Scenario { get; init; } = "server";

    /// <summary>Mean arrival rate, requests a second, in the scenario <c>server</c>. <value>20.</value></summary>
    public double RequestsPerSecond { get; init; } = 20;

    /// <summary>Rows in one request. <value>1.</value></summary>
    public int RowsPerRequest { get; init; } = 1;

    /// <summary>Bounds on percentiles of the latency.</summary>
    public IReadOnlyList<LatencyBound> Latency { get; init; } = [];

    /// <summary>Rows a second, at least.</summary>
    public double? MinRowsPerSecond { get; init; }

    /// <summary>Peak memory above an empty process, bytes.</summary>
    public long? MaxMemory { get; init; }

    /// <summary>Peak memory of the GPU, bytes.</summary>
    public long? MaxGpuMemory { get; init; }

    /// <summary>From the start of the process to the first answer.</summary>
    public TimeSpan? MaxColdStart { get; init; }

    /// <summary>Share of requests, 0 to 1, that may fail.</summary>
    public double? MaxErrors { get; init; }

    /// <summary>A batch and the time it may take.</summary>
    public BatchDeadline? Batch { get; init; }

    /// <summary>Bounds on percentiles of the time to the first token of a language model's endpoint.</summary>
    public IReadOnlyList<LatencyBound> FirstToken { get; init; } = [];

    /// <summary>Bounds on percentiles of the time per token after the first.</summary>
    public IReadOnlyList<LatencyBound> PerToken { get; init; } = [];
}

/// <summary>A bound on a percentile of some time.</summary>
/// <param name="Percentile">Above 0 and below 100.</param>
/// <param name="Max">Greatest value of it.</param>
public sealed record LatencyBound(double Percentile, TimeSpan Max);

/// <summary>So many rows in such a time.</summary>
public sealed record BatchDeadline
{
    /// <summary>Rows.</summary>
    public long Rows { get; init; }

    /// <summary>The time they may take.</summary>
    public TimeSpan Within { get; init; }
}

/// <summary>The machine that a measurement counts on. A text matches with <c>*</c> for anything.</summary>
public sealed record MachineDemand
{
    /// <summary>The execution providers that can be demanded.</summary>
    public static IReadOnlyList<string> Providers { get; } = ["cpu", "cuda", "tensorrt", "openvino", "directml", "coreml", "rocm"];

    /// <summary>CPU model, e.g. <c>AMD EPYC*</c>.</summary>
    public string? Cpu { get; init; }

    /// <summary>Cores, at most: a machine with more is another machine.</summary>
    public double? Cores { get; init; }

    /// <summary>Memory, at most, bytes.</summary>
    public long? Memory { get; init; }

    /// <summary>GPU model, e.g. <c>NVIDIA T4</c>.</summary>
    public string? Gpu { get; init; }

    /// <summary>One of <see cref="Providers"/>: the one that really ran.</summary>
    public string? Provider { get; init; }
}
