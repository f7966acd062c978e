using System.CommandLine;
using System.Net.Sockets;
using Baton.Configuration;
using Baton.Server;
using Baton.Supervision;

namespace Baton.Verbs;

/// <summary><c>baton server</c>: a control plane alone.</summary>
internal sealed class ServerVerb : Command
{
    private const string AgentTokenVariable = "BATON_AGENT_TOKEN";
    private const string ServingTokenVariable = "BATON_SERVING_TOKEN";

    private readonly ServerFlags _flags = new();
    private readonly Option<bool> _supervised = new("--supervised") { Hidden = true };

    public ServerVerb()
        : base("server", "Run a control plane alone. Agents present the token in BATON_AGENT_TOKEN, serving nodes that in BATON_SERVING_TOKEN.")
    {
        _flags.AddTo(this);
        Add(_supervised);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parse, CancellationToken stop)
    {
        var (agent, serving) = (Environment.GetEnvironmentVariable(AgentTokenVariable), Environment.GetEnvironmentVariable(ServingTokenVariable));
        if (parse.GetValue(_supervised))
        {
            (var line, stop) = await SupervisorPipe.JoinAsync(stop);
            (agent, serving) = line?.Split(' ') is [var first, var second] ? (first, second) : (null, null);
        }
        var options = _flags.Read(parse) with { AgentToken = agent, ServingToken = serving };
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
            throw new UsageException(PortHolder.Complaint(options.Host, options.Port, Setting.Port.Flag), e);
        }
    }
}
