namespace Baton.Contracts;

/// <summary>The clauses of a contract under the names that evidence has them by.</summary>
internal static class ContractClauses
{
    public static IEnumerable<DemandedClause> Of(Contract contract)
    {
        if (contract.Reproduces is { } reproduces)
            yield return new("reproduces", reproduces.Evidence);
        foreach (var metric in contract.Metrics)
        {
            yield return new($"metrics.{metric.Metric}", metric.Evidence);
            foreach (var slice in metric.Slices)
                yield return new($"metrics.{metric.Metric}.slices.{slice.Column}", metric.Evidence);
        }

        foreach (var name in Names(contract))
            yield return new(name);
    }

    private static IEnumerable<string> Names(Contract contract) =>
    [
        .. contract.Fairness.SelectMany(f => f.Bounds.Keys.Select(measure => $"fairness.{f.Column}.{measure}")),
        .. contract.Data is { } data ? Data(data) : [],
        .. contract.Robustness is { } robustness ? Robustness(robustness) : [],
        .. contract.Checks.Select(c => $"checks.{c.Name}"),
        .. Where(contract.Latency is not null, "latency"),
        .. Where(contract.Memory is not null, "memory"),
        .. contract.Hardware.SelectMany(Hardware),
        .. contract.Package is { } package ? Package(package) : [],
        .. Where(contract.Provenance is not null, "provenance"),
        .. contract.Security is { } security ? Security(security) : [],
    ];

    private static IEnumerable<string> Data(DataClause data) =>
    [
        .. Where(data.MinRows is not null, "data.rows"),
        .. Where(data.Key is not null, "data.overlap"),
        .. Where(data.Time is not null, "data.time_order"),
        .. Where(data.Unavailable.Count > 0, "data.unavailable"),
        .. Where(data.Sensitive.Count > 0, "data.sensitive"),
        .. Where(data.Holdout is not null, "data.holdout"),
    ];

    private static IEnumerable<string> Robustness(RobustnessClause robustness) =>
    [
        .. Where(robustness.Noise is not null, "robustness.noise"),
        .. Where(robustness.Missing is not null, "robustness.missing"),
        .. Where(robustness.UnknownCategories is not null, "robustness.unknown_categories"),
        .. Where(robustness.Invariant.Count > 0, "robustness.invariant"),
        .. robustness.Direction.Select(d => $"robustness.direction.{d.Column}"),
        .. Where(robustness.EdgeCases is not null, "robustness.edge_cases"),
        .. Where(robustness.BatchWithin is not null, "robustness.batch"),
        .. Where(robustness.DeterministicWithin is not null, "robustness.deterministic"),
    ];

    private static IEnumerable<string> Hardware(HardwareClause hardware)
    {
        var path = $"hardware.{hardware.Name}";
        return
        [
            .. hardware.Latency.Select(b => $"{path}.{Quantities.FormatPercentile(b.Percentile)}"),
            .. Where(hardware.MinRowsPerSecond is not null, $"{path}.throughput"),
            .. Where(hardware.MaxMemory is not null, $"{path}.memory"),
            .. Where(hardware.MaxGpuMemory is not null, $"{path}.gpu_memory"),
            .. Where(hardware.MaxColdStart is not null, $"{path}.cold_start"),
            .. Where(hardware.MaxErrors is not null, $"{path}.errors"),
            .. Where(hardware.Batch is not null, $"{path}.batch"),
            .. hardware.FirstToken.Select(b => $"{path}.first_token.{Quantities.FormatPercentile(b.Percentile)}"),
            .. hardware.PerToken.Select(b => $"{path}.per_token.{Quantities.FormatPercentile(b.Percentile)}"),
        ];
    }

    private static IEnumerable<string> Package(PackageClause package) =>
    [
        .. Where(package.MaxSize is not null, "package.size"),
        .. Where(package.MaxParameters is not null, "package.parameters"),
        .. Where(package.MaxOpset is not null, "package.opset"),
    ];

    private static IEnumerable<string> Security(SecurityClause security) =>
    [
        .. Where(security.Pickle is not null, "security.pickle"),
        .. Where(security.SignedBy is not null, "security.signature"),
    ];

    private static IEnumerable<string> Where(bool demanded, string name) => demanded ? [name] : [];
}
