using Baton.Inference;

namespace Baton.Serving.Models;

/// <summary>A verified model, in the node's own process.</summary>
internal sealed class SessionSlot : ModelSlot
{
    private readonly ModelSession _session;

    private SessionSlot(ModelSession session) : base(session.Inputs, session.Outputs) => _session = session;

    /// <inheritdoc />
    public override string? Fault => null;

    // A session that is disposed under a running request takes the process with it.
    private protected override TimeSpan? DrainLimit => null;

    /// <summary>Loads and warms up on another thread, which goes on alone where the caller gives up.</summary>
    public static async Task<SessionSlot> OpenAsync(ServedVersion version, CancellationToken cancellation)
    {
        var warmUp = await WarmUp.ReadAsync(version, cancellation).ConfigureAwait(false);
        var loading = Task.Run(() => Load(version, warmUp), CancellationToken.None);
        try
        {
            return await loading.WaitAsync(cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _ = loading.ContinueWith(
                static loaded => loaded.GetAwaiter().GetResult()._session.Dispose(),
                CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
            throw;
        }
    }

    /// <inheritdoc />
    public override ValueTask<IReadOnlyList<Tensor>> RunAsync(IReadOnlyList<Tensor> inputs, CancellationToken cancellation) => new(_session.Run(inputs));

    private protected override ValueTask UnloadAsync()
    {
        _session.Dispose();
        return ValueTask.CompletedTask;
    }

    private static SessionSlot Load(ServedVersion version, WarmUp warmUp)
    {
        var session = ModelSession.Load(version.ModelPath);
        try
        {
            foreach (var batch in warmUp.Batches(session.Inputs))
            {
                try
                {
                    session.Run(batch);
                }
                catch (Exception e) when (e is ModelRunException or ModelInputException)
                {
                    if (warmUp.Failure(e.Message) is { } failure)
                        throw new InvalidModelException(failure, e);
                    break;
                }
            }

            return new SessionSlot(session);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }
}
