using System.CommandLine;
using System.Net.Sockets;
using Baton.Server;
using Baton.Supervision;

namespace Baton.Verbs;

/// <summary><c>baton server</c>: a control plane alone.</summary>
internal sealed class ServerVerb : Command
{
    private const string TokenVariable = "BATON_AGENT_TOKEN";

    private readonly ServerFlags _flags = new();
    private readonly Option<bool> _supervised = new("--supervised") { Hidden = true };

    public ServerVerb()
        : base("server", "Run a control plane alone. Agents present the token in BATON_AGENT_TOKEN.")
    {
        _flags.AddTo(this);
        Add(_supervised);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parse, CancellationToken stop)
    {
        var token = Environment.GetEnvironmentVariable(TokenVariable);
        if (parse.GetValue(_supervised))
            (token, stop) = await SupervisorPipe.JoinAsync(stop);
        var options = _flags.Read(parse) with { AgentToken = token };
        if (options.Problems() is { Count: > 0 } problems)
            throw new InvalidOptionsException(problems);
        // Only the embedded database belongs to one process; PostgreSQL may have many control planes.
        using var lease = options.Database is null ? DirectoryLease.Take(options.DataDirectory, "server") : null;
        try
        {
            await ServerHost.RunAsync(options, address => Console.Out.WriteLine($"{Supervisor.Listening}{address.GetLeftPart(UriPartial.Authority)}"), stop);
            return ExitCode.Done;
        }
        catch (CannotListenException e) when (e.GetBaseException() is SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse })
        {
            throw new UsageException(PortTaken(options), e);
        }
    }

    private static string PortTaken(ServerOptions options)
    {
        var holder = PortHolder.Find(options.Port) is { } found ? $" by {found}" : "";
        return $"port {options.Port} on {options.Host} is in use{holder}: end that program, or choose another port, "
            + $"e.g. --port {Next(options.Port)} (0 takes any free one).";
    }

    private static int Next(int port) => port < ushort.MaxValue ? port + 1 : port - 1;
}
