namespace Baton.Supervision;

/// <summary>A child with its log and its life: started once, ended when disposed.</summary>
internal sealed class SupervisedChild(ChildPlan plan, string logs, Action<string> terminal, TimeProvider time) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ChildLog _log = new(logs, plan.Name, terminal);
    private Task _life = Task.CompletedTask;

    /// <summary>Starts the child; ends when it is ready for the first time, fails where it never will be.</summary>
    public Task StartAsync()
    {
        var child = new Child(plan, _log, time);
        _life = child.RunAsync(_stop.Token);
        return child.Ready;
    }

    /// <summary>Ends the child and returns when it is gone.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _life;
        _log.Dispose();
        _stop.Dispose();
    }
}
