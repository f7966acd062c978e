using System.Security.Cryptography;
using Baton.Configuration;
using Baton.Server;

namespace Baton.Supervision;

/// <summary>
/// Keeps a control plane, a serving node and an agent running as children: each is restarted alone when it dies, all end with this process, however
/// it ends.
/// </summary>
internal sealed class Supervisor : IAsyncDisposable
{
    /// <summary>How a control plane says that it answers, followed by its address.</summary>
    public const string Listening = "baton: listening on ";

    /// <summary>How a serving node says that it answers, followed by its address.</summary>
    public const string Serving = "baton: serving on ";

    /// <summary>The database is the control plane's alone; its connection may hold a password.</summary>
    private static readonly Dictionary<string, string?> WithoutDatabase = new() { [Setting.Database.Variable] = null };

    private readonly ServerOptions _options;
    private readonly int _servePort;
    private readonly SupervisedChild _server;
    private readonly SupervisedChild _node;
    private readonly SupervisedChild _agent;
    private Uri? _address;

    /// <param name="options">How the control plane runs; the tokens of the others are made here.</param>
    /// <param name="servePort">Port of the serving node; 0 takes any free one.</param>
    /// <param name="terminal">Takes lines that a person must see.</param>
    /// <param name="time">Clock.</param>
    public Supervisor(ServerOptions options, int servePort, Action<string> terminal, TimeProvider time)
    {
        _options = options;
        _servePort = servePort;
        var (agent, serving) = (NewToken(), NewToken());
        var logs = Path.Combine(options.DataDirectory, "logs");
        _server = new SupervisedChild(
            new ChildPlan
            {
                Name = "server",
                FirstLine = $"{agent} {serving}",
                Arguments = ServerArguments,
                IsReady = HearAddress,
                MustStart = true,
                Environment = ServerEnvironment(options),
            },
            logs, terminal, time);
        _node = new SupervisedChild(
            new ChildPlan
            {
                Name = "serving",
                FirstLine = serving,
                Arguments = NodeArguments,
                IsReady = HearServingAddress,
                MustStart = true,
                Environment = WithoutDatabase,
            },
            logs, terminal, time);
        _agent = new SupervisedChild(new ChildPlan { Name = "agent", FirstLine = agent, Arguments = AgentArguments, Environment = WithoutDatabase }, logs, terminal, time);
    }

    /// <summary>Where the serving node answers; null before it was ever ready.</summary>
    public Uri? ServingAddress { get; private set; }

    /// <summary>Starts the children and returns the control plane's address once it and the serving node listen.</summary>
    /// <exception cref="ChildRefusedException">Control plane or serving node cannot start as asked, and have said why.</exception>
    public async Task<Uri> StartAsync(CancellationToken stop)
    {
        await _server.StartAsync().WaitAsync(stop);
        _ = _agent.StartAsync();
        await _node.StartAsync().WaitAsync(stop);
        return _address!;
    }

    /// <summary>Ends agent and serving node, then the control plane, so that both can still hand in what they hold.</summary>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_agent.DisposeAsync().AsTask(), _node.DisposeAsync().AsTask());
        await _server.DisposeAsync();
    }

    private static string NewToken() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    private static Dictionary<string, string?> ServerEnvironment(ServerOptions options) =>
        options.Database is { } database ? new() { [Setting.Database.Variable] = database } : [];

    private bool HearAddress(string line) => Address(line, Listening) is { } address && (_address = address) is not null;

    private bool HearServingAddress(string line) => Address(line, Serving) is { } address && (ServingAddress = address) is not null;

    private static Uri? Address(string line, string prefix) => line.StartsWith(prefix, StringComparison.Ordinal) ? new Uri(line[prefix.Length..]) : null;

    /// <summary>A restarted control plane takes the port that it had: clients know no other. So does a restarted node.</summary>
    private string[] ServerArguments() =>
    [
        "server", "--supervised", "--data", _options.DataDirectory, "--host", _options.Host, "--port", $"{_address?.Port ?? _options.Port}",
        "--default-artifact-root", _options.DefaultArtifactRoot, "--webhook-allowed-schemes", string.Join(',', _options.WebhookAllowedSchemes),
        "--webhook-allow-private", _options.WebhookAllowPrivate ? "true" : "false", .. _options.Blobs is { } blobs ? ["--blobs", blobs] : Array.Empty<string>(),
    ];

    private string[] NodeArguments() =>
    [
        "serve", "--supervised", "--server", _address!.ToString(), "--host", _options.Host, "--port", $"{ServingAddress?.Port ?? _servePort}",
        "--work", Path.Combine(_options.DataDirectory, "serving"),
    ];

    private string[] AgentArguments() =>
        ["agent", "--supervised", "--server", _address!.ToString(), "--work", Path.Combine(_options.DataDirectory, "agent")];
}
