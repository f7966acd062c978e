namespace Baton.Server.Platform.Events;

/// <summary>Tells everyone who waits that something is there. Take <see cref="Next"/> first, then look, then wait: so nothing slips between.</summary>
internal abstract class Signal
{
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes at the next <see cref="Wake"/>.</summary>
    public Task Next => _next.Task;

    public void Wake() => Interlocked.Exchange(ref _next, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();

    /// <summary>Waits for what <see cref="Next"/> gave, but at most so long.</summary>
    public static async Task WaitAsync(Task next, TimeSpan atMost, TimeProvider time, CancellationToken cancellation)
    {
        await next.WaitAsync(atMost, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellation.ThrowIfCancellationRequested();
    }
}

/// <summary>Something was committed that stands in the ledger.</summary>
internal sealed class EventSignal : Signal;
