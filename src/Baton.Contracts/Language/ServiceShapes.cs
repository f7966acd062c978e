namespace Baton.Contracts.Language;

/// <summary>Shapes of the clauses on speed and memory.</summary>
internal static class ServiceShapes
{
    public static Shape<LatencyClause> Latency { get; } = new(
        () => new LatencyClause { Percentile = 0, Max = TimeSpan.Zero },
        new PercentileFields<LatencyClause>(
            Kind.Duration, "25 ms", l => [(l.Percentile, l.Max)], (l, bounds) => l with { Percentile = bounds[0].Percentile, Max = (TimeSpan)bounds[0].Max }, "A percentile and its bound.")
        { Single = true, Refuse = Bounds.NoTime },
        Load<LatencyClause>(l => l.RequestsPerSecond, (l, v) => l with { RequestsPerSecond = v }, null),
        Rows<LatencyClause>(l => l.RowsPerRequest, (l, v) => l with { RowsPerRequest = v }))
    {
        Check = (at, _) =>
        {
            if (!at.Entries.Any(e => e.Key is ['p', >= '0' and <= '9', ..]))
                at.Missing("p95", "clauses.latency names no percentile; write e.g. 'p95: {max: 25 ms}'");
        },
    };

    public static Shape<MemoryClause> Memory { get; } = new(
        () => new MemoryClause(0),
        Bounds.AtMost<MemoryClause>("peak", Kind.Size, m => m.MaxBytes, (m, v) => m with { MaxBytes = (long)v }, "256 MiB", "Upper bound.", Bounds.Above0("a size")))
    { Check = Shape<MemoryClause>.Bounded("peak", "peak: {max: 256 MiB}") };

    private static readonly Shape<MachineDemand> Machine = new(
        () => new MachineDemand(),
        new TextField<MachineDemand>("cpu", m => m.Cpu, (m, v) => m with { Cpu = v }, "CPU model; * stands for anything."),
        new ValueField<MachineDemand>("cores", Kind.Number, m => m.Cores, (m, v) => m with { Cores = (double)v }, Tighter.Neither, "Cores, at most.") { Refuse = Bounds.Above0("a number of cores") },
        new ValueField<MachineDemand>("memory", Kind.Size, m => m.Memory, (m, v) => m with { Memory = (long)v }, Tighter.Neither, "Memory, at most.") { Refuse = Bounds.Above0("a size") },
        new TextField<MachineDemand>("gpu", m => m.Gpu, (m, v) => m with { Gpu = v }, "GPU model; * stands for anything."),
        new ValueField<MachineDemand>("provider", Kind.Word([.. MachineDemand.Providers]), m => m.Provider, (m, v) => m with { Provider = (string)v }, Tighter.Neither, "Execution provider that must really run."))
    { OneLine = true, Check = Shape<MachineDemand>.Bounded("cpu", "on: {cpu: AMD EPYC*, cores: 2}", "demand") };

    private static readonly Shape<BatchDeadline> Batch = new(
        () => new BatchDeadline(),
        new ValueField<BatchDeadline>("rows", Kind.Whole, b => b.Rows, (b, v) => b with { Rows = (long)v }, Tighter.Higher, "Rows.") { Required = true, Refuse = Bounds.Above0("a number of rows") },
        new ValueField<BatchDeadline>("within", Kind.Duration, b => b.Within, (b, v) => b with { Within = (TimeSpan)v }, Tighter.Lower, "The time they may take.") { Required = true, Refuse = Bounds.NoTime })
    {
        OneLine = true,
        Check = (at, _) =>
        {
            foreach (var name in (string[])["rows", "within"])
            {
                if (at.Find(name) is null)
                    at.Missing(name, $"{at.Path} needs {name}; write e.g. 'batch: {{rows: 10000000, within: 1 h}}'");
            }
        },
    };

    private static readonly Shape<HardwareClause> Named = new(
        () => throw new InvalidOperationException("A clause on hardware begins with its name."),
        new PartField<HardwareClause, MachineDemand>("on", Machine, h => h.On, (h, v) => h with { On = v }, "{cpu: AMD EPYC*, cores: 2}", "The machine; any by default."),
        new ValueField<HardwareClause>("scenario", Kind.Word([.. HardwareClause.Scenarios]), h => h.Scenario, (h, v) => h with { Scenario = (string)v }, Tighter.Neither, "Scenario of MLPerf Inference.") { Unwritten = "server" },
        Load<HardwareClause>(h => h.RequestsPerSecond, (h, v) => h with { RequestsPerSecond = v }, 20.0),
        Rows<HardwareClause>(h => h.RowsPerRequest, (h, v) => h with { RowsPerRequest = v }),
        Percentiles<HardwareClause>(h => h.Latency, (h, v) => h with { Latency = v }, "A percentile of the latency and its bound."),
        Bounds.AtLeast<HardwareClause>("throughput", Kind.RowRate, h => h.MinRowsPerSecond, (h, v) => h with { MinRowsPerSecond = (double)v }, "5000 rows/s", "Rows a second.", Bounds.Above0("a rate")),
        Bounds.AtMost<HardwareClause>("memory", Kind.Size, h => h.MaxMemory, (h, v) => h with { MaxMemory = (long)v }, "256 MiB", "Peak memory above an empty process.", Bounds.Above0("a size")),
        Bounds.AtMost<HardwareClause>("gpu_memory", Kind.Size, h => h.MaxGpuMemory, (h, v) => h with { MaxGpuMemory = (long)v }, "2 GiB", "Peak memory of the GPU.", Bounds.Above0("a size")),
        Bounds.AtMost<HardwareClause>("cold_start", Kind.Duration, h => h.MaxColdStart, (h, v) => h with { MaxColdStart = (TimeSpan)v }, "5 s", "From the start of the process to the first answer.", Bounds.NoTime),
        Bounds.AtMost<HardwareClause>("errors", Kind.Share, h => h.MaxErrors, (h, v) => h with { MaxErrors = (double)v }, "0.1 %", "Share of requests that may fail.", Bounds.OfAll("requests")),
        new PartField<HardwareClause, BatchDeadline>("batch", Batch, h => h.Batch, (h, v) => h with { Batch = v }, "{rows: 10000000, within: 1 h}", "A batch and the time it may take."),
        Tokens("first_token", h => h.FirstToken, (h, v) => h with { FirstToken = v }, "Time to the first token of a language model's endpoint."),
        Tokens("per_token", h => h.PerToken, (h, v) => h with { PerToken = v }, "Time per token after the first."))
    {
        Check = (at, hardware) =>
        {
            if (at.Entries.All(e => e.Key is "on" or "scenario" or "load" or "rows"))
                at.Missing("p95", $"{at.Path} demands nothing; write e.g. 'p95: {{max: 25 ms}}'");
            if (hardware.Scenario != "server" && at.Find("load") is not null)
                at.Fault("load", $"the scenario {hardware.Scenario} has no arrival rate; leave the load out, or write 'scenario: server'");
        },
    };

    public static NamedPartsField<Contract, HardwareClause> Hardware { get; } = new(
        "hardware", _ => Named, name => new HardwareClause { Name = name }, h => h.Name, c => c.Hardware, (c, v) => c with { Hardware = v },
        ("web", "{on: {cores: 2}, p95: {max: 25 ms}}"), "What is demanded on named machines.")
    { Noun = "machine" };

    private static PartField<HardwareClause, HardwareClause> Tokens(
        string name, Func<HardwareClause, IReadOnlyList<LatencyBound>> get, Func<HardwareClause, IReadOnlyList<LatencyBound>, HardwareClause> set, string about) => new(
        name,
        new Shape<HardwareClause>(() => new HardwareClause { Name = "" }, Percentiles(get, set, about))
        { OneLine = true, Check = Shape<HardwareClause>.Bounded("p95", $"{name}: {{p95: {{max: 300 ms}}}}") },
        h => get(h).Count > 0 ? h : null, (h, v) => set(h, get(v)), "{p95: {max: 300 ms}}", about);

    private static PercentileFields<T> Percentiles<T>(Func<T, IReadOnlyList<LatencyBound>> get, Func<T, IReadOnlyList<LatencyBound>, T> set, string about) => new(
        Kind.Duration, "25 ms", h => [.. get(h).Select(b => (b.Percentile, (object)b.Max))],
        (h, bounds) => set(h, [.. bounds.Select(b => new LatencyBound(b.Percentile, (TimeSpan)b.Max))]), about)
    { Refuse = Bounds.NoTime };

    private static ValueField<T> Load<T>(Func<T, double> get, Func<T, double, T> set, object? unwritten) =>
        new("load", Kind.RequestRate, c => get(c), (c, v) => set(c, (double)v), Tighter.Higher, "Mean arrival rate.")
        { Refuse = v => v is <= 0.0 or > 1_000_000.0 ? "a load is above 0 and at most 1000000 requests/s" : null, Unwritten = unwritten };

    private static ValueField<T> Rows<T>(Func<T, int> get, Func<T, int, T> set) =>
        new("rows", Kind.Count, c => get(c), (c, v) => set(c, (int)v), Tighter.Higher, "Rows in one request.")
        { Refuse = v => v is < 1 or > 1_000_000 ? "a request has 1 to 1000000 rows" : null, Unwritten = 1 };
}
