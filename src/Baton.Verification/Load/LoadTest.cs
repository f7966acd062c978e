using Baton.Inference;
using Baton.Inference.Execution;
using Baton.Verification.Hardware;

namespace Baton.Verification.Load;

/// <summary>A model in a process of its own, to be put under load. After a failure nothing more is measured.</summary>
internal sealed class LoadTest : IAsyncDisposable
{
    private readonly ModelProcessClient _process;
    private readonly string _modelPath;
    private readonly IReadOnlyList<Tensor> _sample;
    private readonly TimeProvider _time;

    private LoadTest(ModelProcessClient process, string modelPath, IReadOnlyList<Tensor> sample, TimeProvider time) =>
        (_process, _modelPath, _sample, _time) = (process, modelPath, sample, time);

    /// <summary>Memory before the model was loaded.</summary>
    public ProcessMemory Empty => _process.Empty;

    /// <summary>What ran the model.</summary>
    public string Runtime => _process.Runtime;

    /// <summary>From the start of the process to the first answer; null where there was none.</summary>
    public TimeSpan? ColdStart { get; private set; }

    /// <summary>Why it broke off; null where it did not.</summary>
    public ModelProcessFailure? Failure { get; private set; }

    /// <summary>The failure as a sentence; null for none.</summary>
    public string? Fault { get; private set; }

    /// <summary>Starts a process, loads the model, and asks it once.</summary>
    /// <param name="modelPath">The model file.</param>
    /// <param name="sample">Rows that the requests are cut from.</param>
    /// <param name="options">How to start the process.</param>
    /// <param name="time">Clock.</param>
    /// <param name="cancellation">Kills the process.</param>
    public static async Task<LoadTest> StartAsync(
        string modelPath, IReadOnlyList<Tensor> sample, ModelProcessOptions options, TimeProvider time, CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        var test = new LoadTest(await ModelProcessClient.StartAsync(options, time, cancellation), modelPath, sample, time);
        try
        {
            if (test.Took(await test._process.LoadAsync(modelPath, cancellation), "while it was loaded") is not null
                && test.Took(await test._process.PredictAsync([.. sample.Select(FirstRow)], cancellation), "on its first request") is not null)
                test.ColdStart = time.GetElapsedTime(start);
            return test;
        }
        catch
        {
            await test.DisposeAsync();
            throw;
        }
    }

    /// <summary>Puts a load on it, and a further one where the first one calls for it.</summary>
    /// <param name="plan">The load.</param>
    /// <param name="again">A further load; null for none.</param>
    /// <param name="loadPerCore">Load average over cores before it all began.</param>
    /// <param name="progress">Told how many requests of a plan were sent.</param>
    /// <param name="cancellation">Kills the process.</param>
    /// <returns>What was found; null where it failed.</returns>
    public async Task<LoadFindings?> PutAsync(
        BenchPlan plan, Func<LoadFindings, BenchPlan?> again, double loadPerCore, Action<BenchPlan, int>? progress, CancellationToken cancellation)
    {
        if (await RunAsync(plan, loadPerCore, progress, cancellation) is not { } first)
            return null;
        if (again(first) is not { } further)
            return first;
        return await RunAsync(further, loadPerCore, progress, cancellation) is { } second ? first.Add(second) : null;
    }

    /// <summary>Memory by now; null where it failed.</summary>
    public async Task<ProcessMemory?> ReadMemoryAsync(CancellationToken cancellation) =>
        Failure is null ? Took(await _process.ReadMemoryAsync(cancellation), "after the load") : null;

    /// <summary>What really runs the model; null where it failed, or the runtime does not tell. The process holds the model twice from then on.</summary>
    public async Task<RuntimeFacts?> ReadRuntimeAsync(CancellationToken cancellation) =>
        Failure is null ? (await _process.ProfileAsync(_modelPath, [.. _sample.Select(FirstRow)], cancellation)).Value : null;

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private async Task<LoadFindings?> RunAsync(BenchPlan plan, double loadPerCore, Action<BenchPlan, int>? progress, CancellationToken cancellation)
    {
        if (Failure is not null)
            return null;
        var watch = new NoiseWatch(loadPerCore, SystemFile.Read, _time);
        var result = Took(await _process.BenchAsync(_sample, plan, sent => progress?.Invoke(plan, sent), cancellation), "under load");
        return result is null ? null : LoadFindings.Of(plan, result, watch.Read(result.CpuSeconds));
    }

    private T? Took<T>(ModelProcessOutcome<T> outcome, string doing)
        where T : class
    {
        if (outcome.Failure is { } failure)
            (Failure, Fault) = (failure, $"The model failed {doing}: {failure.Sentence.TrimEnd('.')}.");
        return outcome.Value;
    }

    private static Tensor FirstRow(Tensor tensor)
    {
        if (tensor.Shape.Count == 0)
            return tensor;
        var values = Array.CreateInstance(tensor.Values.GetType().GetElementType()!, tensor.Width);
        Array.Copy(tensor.Values, values, tensor.Width);
        return new Tensor(tensor.Name, [1, .. tensor.Shape.Skip(1)], values);
    }
}
