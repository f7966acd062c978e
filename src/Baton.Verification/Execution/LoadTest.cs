using Baton.Inference;
using Baton.Inference.Execution;

namespace Baton.Verification.Execution;

/// <summary>What a load test found, as far as it came.</summary>
/// <param name="Empty">Memory before the model was loaded.</param>
/// <param name="Loaded">Memory after the load; null where it did not get there.</param>
/// <param name="Bench">Latencies; null where it did not get there.</param>
/// <param name="Failure">Why it broke off; null where it did not.</param>
/// <param name="Doing">What it did when it broke off, e.g. <c>while it was loaded</c>.</param>
/// <param name="Runtime">What ran the model.</param>
internal sealed record LoadTestResult(ProcessMemory Empty, ProcessMemory? Loaded, BenchResult? Bench, ModelProcessFailure? Failure, string Doing, string Runtime);

/// <summary>Loads a model in a process of its own, puts a load on it, and reads the memory that took.</summary>
internal static class LoadTest
{
    /// <summary>Runs the test.</summary>
    /// <param name="modelPath">The model file.</param>
    /// <param name="sample">Rows that the requests are cut from.</param>
    /// <param name="plan">The load.</param>
    /// <param name="again">A further load that the first one calls for, whose latencies are added; null for none.</param>
    /// <param name="options">How to start the process.</param>
    /// <param name="time">Clock of its deadlines.</param>
    /// <param name="cancellation">Kills the process.</param>
    public static async Task<LoadTestResult> RunAsync(
        string modelPath, IReadOnlyList<Tensor> sample, BenchPlan plan, Func<BenchResult, BenchPlan?> again, ModelProcessOptions options, TimeProvider time,
        CancellationToken cancellation)
    {
        await using var process = await ModelProcessClient.StartAsync(options, time, cancellation);
        var loaded = await process.LoadAsync(modelPath, cancellation);
        if (loaded.Failure is { } unloaded)
            return new LoadTestResult(process.Empty, null, null, unloaded, "while it was loaded", process.Runtime);
        var bench = await process.BenchAsync(sample, plan, cancellation);
        if (bench.Failure is { } broken)
            return new LoadTestResult(process.Empty, null, null, broken, "under load", process.Runtime);
        if (bench.Value is { } first && again(first) is { } further)
        {
            var second = await process.BenchAsync(sample, further, cancellation);
            if (second.Failure is { } late)
                return new LoadTestResult(process.Empty, null, null, late, "under load", process.Runtime);
            bench = first with { LatenciesMicroseconds = [.. first.LatenciesMicroseconds, .. second.Value!.LatenciesMicroseconds] };
        }

        var memory = await process.ReadMemoryAsync(cancellation);
        return new LoadTestResult(process.Empty, memory.Value, bench.Value, memory.Failure, "after the load", process.Runtime);
    }
}
