using System.CommandLine;
using Baton.Contracts;
using Baton.Terminal;

namespace Baton.Verbs;

/// <summary><c>baton handoff reject</c>: rejects a proposal or a counter-offer.</summary>
internal sealed class HandoffRejectVerb : Command
{
    private readonly Argument<string> _model = new("models:/NAME") { Description = "The registered model" };
    private readonly Option<string> _reason = new("--reason") { Description = "Why, for the other side and the ledger", HelpName = "TEXT", Required = true };
    private readonly Option<string?> _offer = new("--offer") { Description = "The counter-offer", HelpName = "ID" };
    private readonly Option<string?> _digest = new("--digest") { Description = "The proposed contract [default: the newest proposal]", HelpName = "sha256:…" };
    private readonly Option<string?> _server = Flags.Server();
    private readonly Option<bool> _json = Flags.Json();

    public HandoffRejectVerb()
        : base("reject", "Reject a counter-offer, or a proposed contract, which is a draft again.")
    {
        Add(_model);
        foreach (var option in new Option[] { _reason, _offer, _digest, _server, _json })
            Add(option);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parse, CancellationToken stop)
    {
        var screen = new Screen(parse.GetValue(_json));
        var model = ModelName.Parse(parse.GetRequiredValue(_model));
        var (offer, digest) = (parse.GetValue(_offer), parse.GetValue(_digest));
        if (offer is not null && digest is not null)
            throw new UsageException("--offer and --digest name two things to reject; keep one.");
        using var client = Flags.Connect(parse, _server);
        if (offer is not null)
        {
            var rejected = await client.DecideOfferAsync(model, offer, "reject", parse.GetRequiredValue(_reason), stop);
            if (screen.Json)
                Screen.WriteJson(rejected);
            else
                screen.Line($"{model} {rejected.Clause}: offer {rejected.Id} is {rejected.Status}");
            return ExitCode.Done;
        }
        var contract = await client.RejectContractAsync(
            model, digest ?? (await HandoffAcceptVerb.NewestProposalAsync(client, model, stop)).Digest, parse.GetRequiredValue(_reason), stop);
        if (screen.Json)
            Screen.WriteJson(contract);
        else
            screen.Line($"{model}: contract {Digests.Short(contract.Digest)} is {Words.Of(contract.Status)}");
        return ExitCode.Done;
    }
}
