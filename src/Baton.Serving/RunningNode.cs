using Microsoft.AspNetCore.Builder;

namespace Baton.Serving;

/// <summary>A serving node that answers requests. Disposing it ends it, after the requests under way.</summary>
public sealed class RunningNode : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _following;

    internal RunningNode(WebApplication app, Uri address, Func<CancellationToken, Task> follow)
    {
        _app = app;
        Address = address;
        _following = follow(_stop.Token);
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    internal IServiceProvider Services => _app.Services;

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _stop.CancelAsync();
        await _following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // Ends the prediction log too, which hands in what it can.
        await _app.DisposeAsync();
        _stop.Dispose();
    }
}
