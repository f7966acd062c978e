using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Baton.Client;
using Baton.Contracts;
using Baton.Server;
using Baton.Terminal;
using Baton.Verbs;
using Baton.Verification.Drafting;
using Baton.Verification.Load;

namespace Baton;

/// <summary>The verbs, and what becomes of whatever goes wrong in them.</summary>
internal static class CommandLine
{
    public static RootCommand Root() => new("Baton carries a model from the notebook to production, under a contract that is checked.")
    {
        new UpVerb(),
        new QuickstartVerb(),
        new ContractVerb(),
        new VerifyVerb(),
        new BenchVerb(),
        new HandoffVerb(),
        new PromoteVerb(),
        new DeployVerb(),
        new ServeVerb(),
        new PredictionsVerb(),
        new LabelsVerb(),
        new ImportVerb(),
        new GcVerb(),
        new ServerVerb(),
        new AgentVerb(),
        new ConfigVerb(),
    };

    public static async Task<int> RunAsync(string[] arguments)
    {
        var root = Root();
        // Without response files an argument may begin with @.
        var parse = root.Parse(arguments.Length == 0 ? ["--help"] : arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parse.Errors.Count > 0 && parse.Action is ParseErrorAction)
            return WrongUse(parse);

        using var interrupts = new Interrupts();
        try
        {
            var invocation = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
            return await parse.InvokeAsync(invocation, interrupts.Stop);
        }
        catch (Exception e)
        {
            return Explain(e, interrupts.Stop.IsCancellationRequested);
        }
    }

    private static int WrongUse(ParseResult parse)
    {
        var command = parse.CommandResult.Command;
        var misplaced = parse.Tokens.Where(t => t.Type == TokenType.Argument && t.Value.StartsWith("--", StringComparison.Ordinal)).Select(t => t.Value);
        var strangers = misplaced.Concat(parse.UnmatchedTokens).ToList();
        if (strangers.Count > 0)
        {
            var known = command.Subcommands.Select(c => c.Name).Concat(command.Options.Where(o => !o.Hidden).Select(o => o.Name)).ToList();
            Screen.Complain(
                $"'{strangers[0]}' is not understood here{(Spelling.Nearest(strangers[0], known) is { } likely ? $"; did you mean {likely}?" : ".")}");
        }
        else
        {
            foreach (var message in parse.Errors.Select(e => e.Message).Distinct())
                Screen.Complain(message);
        }
        var names = new Stack<string>();
        for (Symbol? at = command; at is Command above; at = above.Parents.FirstOrDefault())
            names.Push(above is RootCommand ? "baton" : above.Name);
        Screen.Hint($"`{string.Join(' ', names)} --help` lists what there is.");
        return ExitCode.WrongUse;
    }

    /// <summary>One clear text on stderr, and the exit code; the stack only where somebody asked for it.</summary>
    private static int Explain(Exception e, bool interrupted)
    {
        if (Environment.GetEnvironmentVariable("BATON_DEBUG") == "1")
            Console.Error.WriteLine(e);
        switch (e)
        {
            case OperationCanceledException when interrupted:
                return ExitCode.Interrupted;
            case ServerUnreachableException:
                Screen.Complain(e.Message);
                Screen.Hint("Start one with `baton up`, or name another with --server URL or BATON_SERVER.");
                return ExitCode.Unreachable;
            case BatonApiException api:
                return Explain(api);
            case InvalidOptionsException options:
                foreach (var problem in options.Problems)
                    Screen.Complain(problem);
                return ExitCode.WrongUse;
            case CannotOpenDatabaseException database:
                Screen.Complain(database.Message);
                return database.Unreachable ? ExitCode.Unreachable : ExitCode.WrongUse;
            case BenchException bench:
                Screen.Complain(bench.Message);
                return bench.Unreachable ? ExitCode.Unreachable : ExitCode.WrongUse;
            case UsageException or DraftException or CannotListenException or DigestMismatchException or NotSupportedException:
                Screen.Complain(e.Message);
                return ExitCode.WrongUse;
            case ContractException contract:
                foreach (var problem in contract.Problems)
                    Screen.Complain(problem.ToString());
                return ExitCode.WrongUse;
            case IOException or UnauthorizedAccessException:
                Screen.Complain(e.Message);
                return ExitCode.WrongUse;
            default:
                Screen.Complain($"a bug in Baton: {e.GetType().Name}: {e.Message.ReplaceLineEndings(" ")}");
                Screen.Hint("Please report it with the command that you ran; BATON_DEBUG=1 shows the stack.");
                return ExitCode.Bug;
        }
    }

    private static int Explain(BatonApiException e)
    {
        Screen.Complain(e.Message);
        foreach (var fault in e.Errors.Where(f => !e.Message.Contains(f.Message, StringComparison.Ordinal)))
        {
            var place = fault.Line is { } line ? $"line {line}, column {fault.Column}: " : fault.Path is { Length: > 0 } path ? $"{path}: " : "";
            Screen.Hint(place + fault.Message);
        }


        return e switch
        {
            { Code: "gate_refused", Verdict: { } verdict } => verdict == Verdict.Pass ? ExitCode.Failed : ExitCode.Of(verdict),
            { Code: "gate_refused" } => ExitCode.Inconclusive,
            { Status: >= System.Net.HttpStatusCode.InternalServerError } => ExitCode.Unreachable,
            _ => ExitCode.WrongUse,
        };
    }
}
