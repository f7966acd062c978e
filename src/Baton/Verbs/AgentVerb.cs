using System.CommandLine;
using Baton.Client;
using Baton.Configuration;
using Baton.Supervision;
using Baton.Verification.Agent;

namespace Baton.Verbs;

/// <summary><c>baton agent</c>: verifies versions for a control plane, on the hardware that it runs on.</summary>
internal sealed class AgentVerb : Command
{
    private const string TokenVariable = "BATON_AGENT_TOKEN";

    private readonly Option<string?> _server = Flags.Server();
    private readonly Option<string?> _work = new("--work")
    {
        Description = "Directory of this agent alone: jobs under way and downloaded files [default: baton-agent in the temporary directory]",
        HelpName = "DIR",
    };

    private readonly Option<bool> _commands = new("--run-commands")
    {
        Description = "Run the commands (checks) that contracts name: programs of whoever wrote the contract, on this machine",
    };

    private readonly Option<bool> _supervised = new("--supervised") { Hidden = true };

    public AgentVerb()
        : base("agent", "Run an agent: it verifies versions for a control plane. It presents the token in BATON_AGENT_TOKEN.")
    {
        Add(_server);
        Add(_work);
        Add(_commands);
        Add(_supervised);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parse, CancellationToken stop)
    {
        var token = Environment.GetEnvironmentVariable(TokenVariable);
        if (parse.GetValue(_supervised))
            (token, stop) = await SupervisorPipe.JoinAsync(stop);
        var server = Settings.Load().Server(parse.GetValue(_server));
        var work = Path.GetFullPath(parse.GetValue(_work) ?? Path.Combine(Path.GetTempPath(), "baton-agent"));
        using var lease = DirectoryLease.Take(work, "agent");
        using var client = new BatonClient(server, token);
        var options = new AgentOptions
        {
            Name = $"{Environment.MachineName}-{Environment.ProcessId}",
            WorkDirectory = work,
            FileName = BatonExecutable.Current.FileName,
            Arguments = [.. BatonExecutable.Current.Prefix, HiddenVerbs.VerificationJob],
            RunsCommands = parse.GetValue(_commands),
        };
        Log($"agent {options.Name} works for {server.GetLeftPart(UriPartial.Authority)}");
        await new AgentLoop(client, options, TimeProvider.System, Log).RunAsync(stop);
        return ExitCode.Done;
    }

    private static void Log(string line) => Console.Out.WriteLine($"{TimeProvider.System.GetUtcNow().UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fff'Z'} info: {line}");
}
