using Baton.Inference;

namespace Baton.Serving.Models;

/// <summary>
/// A loaded model that answers requests. Whoever runs it enters first and leaves after; once it drains nobody enters any more, and it is unloaded when
/// the last one has left, so that no request ever meets an unloaded model.
/// </summary>
public abstract class ModelSlot : IAsyncDisposable
{
    private const long Closed = 1L << 62;
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _inFlight;

    private protected ModelSlot(IReadOnlyList<TensorSpec> inputs, IReadOnlyList<TensorSpec> outputs)
    {
        Inputs = inputs;
        Outputs = outputs;
    }

    /// <summary>Inputs in the model's order.</summary>
    public IReadOnlyList<TensorSpec> Inputs { get; }

    /// <summary>Outputs in the model's order.</summary>
    public IReadOnlyList<TensorSpec> Outputs { get; }

    /// <summary>Requests under way.</summary>
    public long InFlight => Interlocked.Read(ref _inFlight) & ~Closed;

    /// <summary>Why it cannot answer now; null where it can.</summary>
    public abstract string? Fault { get; }

    /// <summary>Loads a version and warms it up: in this process where it is verified, in a worker process otherwise.</summary>
    /// <exception cref="InvalidModelException">The model does not load, or fails on its own reference inputs; the message says why.</exception>
    public static async Task<ModelSlot> LoadAsync(ServedVersion version, ModelSlotOptions options, TimeProvider time, CancellationToken cancellation) =>
        version.Verified
            ? await SessionSlot.OpenAsync(version, cancellation).ConfigureAwait(false)
            : await WorkerSlot.OpenAsync(version, options, time, cancellation).ConfigureAwait(false);

    /// <summary>Enters, unless the slot is being left: then look the endpoint up again. Each success calls for one <see cref="Leave"/>.</summary>
    public bool TryEnter()
    {
        if ((Interlocked.Increment(ref _inFlight) & Closed) == 0)
            return true;
        Leave();
        return false;
    }

    /// <summary>Leaves.</summary>
    public void Leave()
    {
        if (Interlocked.Decrement(ref _inFlight) == Closed)
            _drained.TrySetResult();
    }

    /// <summary>Lets nobody in any more; completes when the last one has left.</summary>
    public Task DrainAsync()
    {
        if (Interlocked.Or(ref _inFlight, Closed) is 0 or Closed)
            _drained.TrySetResult();
        return _drained.Task;
    }

    /// <summary>Runs the model on inputs that fit it. Completes at once for a model of this process.</summary>
    /// <exception cref="ModelRunException">The model failed on these inputs.</exception>
    /// <exception cref="ModelUnavailableException">It cannot answer now.</exception>
    public abstract ValueTask<IReadOnlyList<Tensor>> RunAsync(IReadOnlyList<Tensor> inputs, CancellationToken cancellation);

    /// <summary>Time that requests under way may take before the slot is unloaded all the same; null where unloading must wait for them.</summary>
    private protected abstract TimeSpan? DrainLimit { get; }

    /// <summary>Drains, then unloads.</summary>
    public async ValueTask DisposeAsync()
    {
        var drained = DrainAsync();
        try
        {
            await (DrainLimit is { } limit ? drained.WaitAsync(limit) : drained).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // What still runs is in another process, which ends with it.
        }

        await UnloadAsync().ConfigureAwait(false);
        GC.SuppressFinalize(this);
    }

    /// <summary>Lets go of the model.</summary>
    private protected abstract ValueTask UnloadAsync();
}
