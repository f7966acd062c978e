using System.Globalization;
using Baton.Contracts;
using Baton.Inference;
using Baton.Inference.Execution;
using Baton.Verification.Clauses;
using Baton.Verification.Hardware;

namespace Baton.Verification.Load;

/// <summary>
/// Measures the clauses <c>latency</c>, <c>memory</c> and <c>hardware.*</c> of a contract, each load in a fresh process.
/// </summary>
/// <param name="contract">The contract.</param>
/// <param name="modelPath">The model file.</param>
/// <param name="sample">Rows that requests are cut from; null where there is none, or the model is known to fail.</param>
/// <param name="input">How processes are started, the clock, the seed.</param>
/// <param name="machine">The machine as it was found.</param>
/// <param name="progress">Told which clause is measured, how, and how far it all is, 0 to 1.</param>
internal sealed class ServiceMeasurement(
    Contract contract, string? modelPath, IReadOnlyList<Tensor>? sample, VerificationInput input, Machine machine, Action<string, string, double> progress)
{
    // Enough for the memory of a model to show where the contract asks for no latency.
    private static readonly BenchPlan LightLoad = new(RequestsPerSecond: 50, RowsPerRequest: 1, Requests: 50, Seed: 1);

    private double _from;
    private double _to;
    private double _reached;

    /// <summary>What ran the model; null where nothing did.</summary>
    public string? Runtime { get; private set; }

    /// <summary>What really ran it; null where nothing did.</summary>
    public RuntimeFacts? Facts { get; private set; }

    /// <summary>How the model failed, as a sentence; null where it did not.</summary>
    public string? Fault { get; private set; }

    /// <summary>Measures all that the contract has of these clauses.</summary>
    /// <param name="obstacle">Verdict and reason of what could not be measured, by name; asked in the contract's order.</param>
    /// <param name="cancellation">Kills every process.</param>
    public async Task<IReadOnlyList<ClauseResult>> MeasureAsync(Func<string, (Verdict Verdict, string Reason)> obstacle, CancellationToken cancellation)
    {
        var results = new List<ClauseResult>();
        var loads = (contract.Latency is null && contract.Memory is null ? 0 : 1) + contract.Hardware.Count;
        if (contract.Latency is not null || contract.Memory is not null)
        {
            Next(0, loads);
            results.AddRange(await LatencyAndMemoryAsync(obstacle, cancellation));
        }

        foreach (var (clause, i) in contract.Hardware.Select((clause, i) => (clause, i)))
        {
            Next(loads - contract.Hardware.Count + i, loads);
            results.AddRange(await HardwareAsync(clause, obstacle, cancellation));
        }

        return results;
    }

    private async Task<IReadOnlyList<ClauseResult>> LatencyAndMemoryAsync(Func<string, (Verdict Verdict, string Reason)> obstacle, CancellationToken cancellation)
    {
        var (latency, memory) = (contract.Latency, contract.Memory);
        var name = latency is null ? MemoryCheck.Name : LatencyCheck.Name;
        await using var test = await StartAsync(cancellation);
        LoadFindings? load = null;
        ProcessMemory? loaded = null;
        if (test is not null)
        {
            load = latency is null
                ? await PutAsync(test, name, LightLoad, _ => null, cancellation)
                : await PutAsync(test, name, LatencyCheck.Plan(latency, input.Seed), l => LatencyCheck.PlanAgain(l, new LatencyBound(latency.Percentile, latency.Max)), cancellation);
            loaded = await test.ReadMemoryAsync(cancellation);
            await RanAsync(test, cancellation);
        }

        var results = new List<ClauseResult>();
        if (latency is not null)
        {
            results.Add(load is not null ? LatencyCheck.Judge(latency, load)
                : LatencyCheck.Unmeasured(latency, obstacle(LatencyCheck.Name).Verdict, obstacle(LatencyCheck.Name).Reason));
        }

        if (memory is not null)
        {
            results.Add(loaded is not null ? MemoryCheck.Judge(memory, test!.Empty, loaded)
                : test is { Failure: ModelProcessFailure.OutOfMemory stopped } ? MemoryCheck.Judge(memory, test.Empty, stopped)
                : MemoryCheck.Unmeasured(memory, obstacle(MemoryCheck.Name).Verdict, obstacle(MemoryCheck.Name).Reason));
        }

        return results;
    }

    private async Task<IEnumerable<ClauseResult>> HardwareAsync(HardwareClause clause, Func<string, (Verdict Verdict, string Reason)> obstacle, CancellationToken cancellation)
    {
        if (MachineMatch.Mismatch(clause.On, machine, ran: false) is { } other)
            return HardwareCheck.Unmeasured(clause, _ => (Verdict.NotRun, other));
        if (clause.On?.Provider is not null && Facts is null && await StartAsync(cancellation) is { } first)
        {
            await using (first)
                await RanAsync(first, cancellation);
        }

        if (Facts is not null && MachineMatch.Mismatch(clause.On, machine.With(Facts), ran: true) is { } unlike)
            return HardwareCheck.Unmeasured(clause, _ => (Verdict.NotRun, unlike));
        await using var test = await StartAsync(cancellation);
        if (test is null)
            return HardwareCheck.Unmeasured(clause, obstacle);
        var measured = await MeasureAsync(clause, test, cancellation);
        await RanAsync(test, cancellation);
        return [.. HardwareCheck.Judge(clause, measured with { Provider = machine.With(Facts).Provider }, obstacle)];
    }

    private async Task<HardwareMeasurement> MeasureAsync(HardwareClause clause, LoadTest test, CancellationToken cancellation)
    {
        var name = $"hardware.{clause.Name}";
        LoadFindings? main = null;
        ProcessMemory? loaded = null;
        if (clause.Latency.Count > 0 || clause.MaxErrors is not null || clause.MaxMemory is not null || (clause.MinRowsPerSecond is not null && clause.Scenario != "server"))
        {
            main = await PutAsync(test, name, HardwareLoad.Main(clause, input.Seed), l => LatencyCheck.PlanAgain(l, clause.Latency), cancellation);
            loaded = await test.ReadMemoryAsync(cancellation);
        }

        var throughput = HardwareLoad.Throughput(clause, input.Seed) is { } all ? await PutAsync(test, name, all, _ => null, cancellation) : main;
        var batch = HardwareLoad.Batch(clause, input.Seed) is { } batches ? await PutAsync(test, name, batches, _ => null, cancellation) : null;
        var watch = new NoiseWatch(machine.LoadPerCore, SystemFile.Read, input.Time);
        var starts = clause.MaxColdStart is not null && test.ColdStart is not null ? await StartAgainAsync(name, cancellation) : [];
        return new HardwareMeasurement
        {
            Main = main,
            Throughput = throughput,
            Batch = batch,
            Empty = test.Empty,
            Loaded = loaded,
            Stopped = test.Failure as ModelProcessFailure.OutOfMemory,
            ColdStarts = starts,
            ColdStartNoise = watch.Read(own: null).Signs,
        };
    }

    private async Task<IReadOnlyList<TimeSpan>> StartAgainAsync(string name, CancellationToken cancellation)
    {
        var starts = new List<TimeSpan>();
        for (var i = 0; i < HardwareLoad.ColdStarts; i++)
        {
            Report(name, string.Create(CultureInfo.InvariantCulture, $"start {i + 1} of {HardwareLoad.ColdStarts} of the process"), (double)i / HardwareLoad.ColdStarts);
            await using var test = await StartAsync(cancellation);
            if (test?.ColdStart is not { } took)
                return [];
            starts.Add(took);
        }

        return starts;
    }

    private async Task<LoadTest?> StartAsync(CancellationToken cancellation) => Fault is null && modelPath is not null && sample is not null
        ? await LoadTest.StartAsync(modelPath, sample, input.ModelProcess, input.Time, cancellation)
        : null;

    private Task<LoadFindings?> PutAsync(LoadTest test, string name, BenchPlan plan, Func<LoadFindings, BenchPlan?> again, CancellationToken cancellation)
    {
        Report(name, Announce(plan), 0);
        return test.PutAsync(
            plan, again, machine.LoadPerCore,
            (running, sent) => Report(name, $"sent {Phrases.Number(sent)} of {Phrases.Number(running.Requests)} requests", (double)sent / running.Requests), cancellation);
    }

    private static string Announce(BenchPlan plan) => plan.Scenario switch
    {
        LoadScenario.Server => string.Create(CultureInfo.InvariantCulture, $"sending {plan.Requests:N0} requests at {plan.RequestsPerSecond:0.###}/s"),
        LoadScenario.Offline => string.Create(CultureInfo.InvariantCulture, $"sending requests of {Phrases.Count(plan.RowsSent, "row")} all at once, for {plan.Longest.TotalSeconds:0} s at most"),
        _ => $"sending {Phrases.Number(plan.Requests)} requests one after the other",
    };

    private async Task RanAsync(LoadTest test, CancellationToken cancellation)
    {
        Runtime = test.Runtime.Length > 0 ? test.Runtime : Runtime;
        Fault = test.Fault ?? Fault;
        Facts ??= await test.ReadRuntimeAsync(cancellation);
    }

    private void Next(int load, int loads) => (_from, _to) = ((double)load / loads, (double)(load + 1) / loads);

    // A second look at a clause does not go back.
    private void Report(string name, string text, double fraction) => progress(name, text, _reached = Math.Max(_reached, _from + (fraction * (_to - _from))));
}
