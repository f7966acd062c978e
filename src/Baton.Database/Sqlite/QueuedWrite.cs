namespace Baton.Database.Sqlite;

/// <summary>A write that waits for the writer, and the caller who waits for it.</summary>
internal abstract class QueuedWrite
{
    /// <summary>Whether the delegate ended without an exception.</summary>
    public abstract bool Succeeded { get; }

    /// <summary>Claims it for running; false where its caller has withdrawn it.</summary>
    public abstract bool TryStart();

    /// <summary>Runs the delegate. Never throws: a failure is kept for the caller.</summary>
    public abstract Task RunAsync(Func<CancellationToken, Session> open);

    /// <summary>Gives the caller what its delegate returned or threw.</summary>
    public abstract void Complete();

    /// <summary>Tells the caller that the transaction as a whole came to nothing.</summary>
    public abstract void Fail(Exception failure);
}

/// <inheritdoc/>
internal sealed class QueuedWrite<T> : QueuedWrite, IDisposable
{
    private readonly Func<Session, Task<T>> _write;
    private readonly CancellationToken _ct;
    private readonly ExecutionContext? _context = ExecutionContext.Capture();
    private readonly TaskCompletionSource<T> _caller = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenRegistration _withdrawal;
    private Task<T>? _outcome;
    private int _taken;

    public QueuedWrite(Func<Session, Task<T>> write, CancellationToken ct)
    {
        _write = write;
        _ct = ct;
        _withdrawal = ct.Register(() =>
        {
            if (TryStart())
                _caller.TrySetCanceled(ct);
        });
    }

    /// <summary>Completes when the write is durable or has failed.</summary>
    public Task<T> Completion => _caller.Task;

    public override bool Succeeded => _outcome is { IsCompletedSuccessfully: true };

    public override bool TryStart() => Interlocked.Exchange(ref _taken, 1) == 0;

    public override async Task RunAsync(Func<CancellationToken, Session> open)
    {
        // In the caller's context, so that its trace and its request go with it.
        if (_context is null)
            _outcome = StartAsync(open);
        else
            ExecutionContext.Run(_context, _ => _outcome = StartAsync(open), null);
        await ((Task)_outcome!).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public override void Complete()
    {
        if (_outcome!.IsCompletedSuccessfully)
            _caller.TrySetResult(_outcome.GetAwaiter().GetResult());
        else if (_outcome.IsCanceled)
            _caller.TrySetCanceled(_ct.IsCancellationRequested ? _ct : new CancellationToken(canceled: true));
        else
            _caller.TrySetException(_outcome.Exception!.InnerExceptions);
    }

    public override void Fail(Exception failure) => _caller.TrySetException(failure);

    public void Dispose() => _withdrawal.Dispose();

    private async Task<T> StartAsync(Func<CancellationToken, Session> open)
    {
        var session = open(_ct);
        var result = await _write(session);
        await session.SendWaitingAsync();
        return result;
    }
}
