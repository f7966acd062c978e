namespace Baton.Contracts;

/// <summary>The parts of a clause on a named machine, each a clause of the evidence, with its demand in one short phrase.</summary>
public static class HardwareDemands
{
    /// <summary>E.g. <c>p95 at most 25 ms at 20 requests/s, on AMD EPYC*, 2 cores</c>.</summary>
    public static string Of(HardwareClause clause, LatencyBound bound) => $"{Percentile(bound)}{Load(clause)}{On(clause.On)}";

    /// <summary>A bound on the time to the first token, or per token.</summary>
    public static string OfTokens(HardwareClause clause, LatencyBound bound) => Percentile(bound) + On(clause.On);

    /// <summary>A part that is not a percentile: <c>throughput</c>, <c>memory</c>, <c>gpu_memory</c>, <c>cold_start</c>, <c>errors</c>, <c>batch</c>.</summary>
    /// <exception cref="ArgumentException">There is no such part, or the clause does not demand it.</exception>
    public static string Of(HardwareClause clause, string part) => (part switch
    {
        "throughput" when clause.MinRowsPerSecond is { } rate => $"at least {Quantities.Format(rate)} rows/s",
        "memory" when clause.MaxMemory is { } memory => $"peak at most {Quantities.FormatSize(memory)}",
        "gpu_memory" when clause.MaxGpuMemory is { } memory => $"peak at most {Quantities.FormatSize(memory)} of the GPU",
        "cold_start" when clause.MaxColdStart is { } time => $"first answer at most {Quantities.Format(time)} after the start",
        "errors" when clause.MaxErrors is { } share => $"at most {Quantities.FormatShare(share)} of requests fail",
        "batch" when clause.Batch is { } batch => FormattableString.Invariant($"{batch.Rows:N0} rows within {Quantities.Format(batch.Within)}"),
        _ => throw new ArgumentException($"The clause hardware.{clause.Name} demands no {part}.", nameof(part)),
    }) + On(clause.On);

    private static string Percentile(LatencyBound bound) => $"{Quantities.FormatPercentile(bound.Percentile)} at most {Quantities.Format(bound.Max)}";

    private static string Load(HardwareClause clause) =>
        (clause.Scenario == "server" ? $" at {Quantities.Format(clause.RequestsPerSecond)} requests/s" : $", {clause.Scenario}")
        + (clause.RowsPerRequest == 1 ? "" : $" of {clause.RowsPerRequest} rows");

    private static string On(MachineDemand? machine)
    {
        if (machine is null)
            return "";
        string?[] parts =
        [
            machine.Cpu, machine.Cores is { } cores ? $"{Quantities.Format(cores)} cores" : null, machine.Memory is { } memory ? Quantities.FormatSize(memory) : null,
            machine.Gpu, machine.Provider is { } provider ? $"provider {provider}" : null,
        ];
        return $", on {string.Join(", ", parts.OfType<string>())}";
    }
}
