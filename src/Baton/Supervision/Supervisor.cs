using System.Security.Cryptography;
using Baton.Server;

namespace Baton.Supervision;

/// <summary>
/// Keeps a control plane and an agent running as children: each is restarted alone when it dies, all end with this process, however it ends.
/// </summary>
internal sealed class Supervisor : IAsyncDisposable
{
    /// <summary>How a control plane says that it answers, followed by its address.</summary>
    public const string Listening = "baton: listening on ";

    private readonly CancellationTokenSource _stopServer = new();
    private readonly CancellationTokenSource _stopAgent = new();
    private readonly ChildLog _serverLog;
    private readonly ChildLog _agentLog;
    private readonly Child _server;
    private readonly Child _agent;
    private Task _serverLife = Task.CompletedTask;
    private Task _agentLife = Task.CompletedTask;
    private Uri? _address;

    /// <param name="options">How the control plane runs; its agent token is made here.</param>
    /// <param name="terminal">Takes lines that a person must see.</param>
    /// <param name="time">Clock.</param>
    public Supervisor(ServerOptions options, Action<string> terminal, TimeProvider time)
    {
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        var logs = Path.Combine(options.DataDirectory, "logs");
        _serverLog = new ChildLog(logs, "server", terminal);
        _agentLog = new ChildLog(logs, "agent", terminal);
        _server = new Child(
            new ChildPlan { Name = "server", FirstLine = token, Arguments = () => ServerArguments(options), IsReady = HearAddress, MustStart = true },
            _serverLog, time);
        _agent = new Child(
            new ChildPlan { Name = "agent", FirstLine = token, Arguments = () => AgentArguments(options) },
            _agentLog, time);
    }

    /// <summary>Starts both children and returns the control plane's address once it listens.</summary>
    /// <exception cref="ChildRefusedException">The control plane cannot start as asked, and has said why.</exception>
    public async Task<Uri> StartAsync(CancellationToken stop)
    {
        _serverLife = _server.RunAsync(_stopServer.Token);
        await _server.Ready.WaitAsync(stop);
        _agentLife = _agent.RunAsync(_stopAgent.Token);
        return _address!;
    }

    /// <summary>Ends the agent, then the control plane, so that the agent can still hand back what it holds.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopAgent.CancelAsync();
        await _agentLife;
        await _stopServer.CancelAsync();
        await _serverLife;
        _serverLog.Dispose();
        _agentLog.Dispose();
        _stopAgent.Dispose();
        _stopServer.Dispose();
    }

    private bool HearAddress(string line)
    {
        if (!line.StartsWith(Listening, StringComparison.Ordinal))
            return false;
        _address = new Uri(line[Listening.Length..]);
        return true;
    }

    /// <summary>A restarted control plane takes the port that it had: clients know no other.</summary>
    private string[] ServerArguments(ServerOptions options)
    {
        var port = _address?.Port ?? options.Port;
        return
        [
            "server", "--supervised", "--data", options.DataDirectory, "--host", options.Host, "--port", $"{port}",
            .. options.Database is { } database ? ["--database", database] : Array.Empty<string>(),
            .. options.Blobs is { } blobs ? ["--blobs", blobs] : Array.Empty<string>(),
        ];
    }

    private string[] AgentArguments(ServerOptions options) =>
        ["agent", "--supervised", "--server", _address!.ToString(), "--work", Path.Combine(options.DataDirectory, "agent")];
}
