using System.CommandLine;
using System.Text.Json;
using Baton.Client;
using Baton.Contracts;
using Baton.Handover;
using Baton.Terminal;

namespace Baton.Verbs;

/// <summary><c>baton handoff submit</c>: hands candidates over; the claims of those that have none are written by machine.</summary>
internal sealed class HandoffSubmitVerb : Command
{
    private readonly Argument<string[]> _versions = new("models:/NAME/VERSION")
    {
        Description = "The candidates, versions of one model",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string> _predictions = new("--predictions")
    {
        Description = "Where the run keeps the test predictions, for claims that are written now",
        HelpName = "PATH",
        DefaultValueFactory = _ => CandidateDraft.UsualPredictions,
    };

    private readonly Option<string?> _claims = new("--claims")
    {
        Description = "Claims to put first, written by `baton contract init`; for one candidate",
        HelpName = "FILE",
    };

    private readonly Option<string?> _note = new("--note") { Description = "A note to the other side", HelpName = "TEXT" };
    private readonly Option<bool> _wait = new("--wait") { Description = "Wait for the verdicts and report them" };
    private readonly Option<string?> _server = Flags.Server();
    private readonly Option<bool> _json = Flags.Json();

    public HandoffSubmitVerb()
        : base("submit", "Hand candidates over under the contract in force; each is verified.")
    {
        Add(_versions);
        foreach (var option in new Option[] { _predictions, _claims, _note, _wait, _server, _json })
            Add(option);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parse, CancellationToken stop)
    {
        var screen = new Screen(parse.GetValue(_json));
        var (model, versions) = VersionName.ParseAll(parse.GetRequiredValue(_versions));
        var given = parse.GetValue(_claims) is { } file ? ReadClaims(file) : null;
        if (given is not null && versions.Count > 1)
            throw new UsageException("--claims are of one package: hand these candidates over without it, or one by one.");

        using var client = Flags.Connect(parse, _server);
        foreach (var version in versions)
            await EnsureClaimsAsync(client, new VersionName(model, version), given, parse.GetRequiredValue(_predictions), screen, stop);
        var handoff = await client.SubmitHandoffAsync(model, versions, parse.GetValue(_note), stop);
        if (parse.GetValue(_wait))
        {
            var verifications = await screen.WithProgressAsync("Verifying", progress => Candidates.WaitAsync(client, handoff, progress, stop));
            return Outcome.Report(screen, verifications);
        }
        if (screen.Json)
            Screen.WriteJson(handoff);
        else
        {
            screen.Line($"handoff {handoff.Id}: {model} {Words.List([.. versions])} under contract {Digests.Short(handoff.ContractDigest)}");
            screen.Line($"`baton handoff show {handoff.Id}` tells the verdicts");
        }


        return ExitCode.Done;
    }

    private static async Task EnsureClaimsAsync(
        BatonClient client, VersionName version, Claims? given, string predictions, Screen screen, CancellationToken cancel)
    {
        if (given is null && await client.FindClaimsAsync(version.Model, version.Version, cancel) is not null)
            return;
        var claims = given ?? await new CandidateDraft(client).WriteAsync(version, predictions, cancel);
        var record = await client.PutClaimsAsync(version.Model, version.Version, claims, cancel);
        screen.Note($"{version}: claims {Digests.Short(record.Digest)} {(given is null ? "written from its run and files" : "put")}");
    }

    internal static Claims ReadClaims(string file)
    {
        try
        {
            return Documents.Read<Claims>(ContractSource.ReadFile(file, "claims"));
        }
        catch (JsonException e)
        {
            throw new UsageException($"{file} holds no claims: {e.Message} Write them with `baton contract init`.", e);
        }
    }
}
