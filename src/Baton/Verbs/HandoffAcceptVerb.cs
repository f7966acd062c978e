using System.CommandLine;
using Baton.Client;
using Baton.Contracts;
using Baton.Terminal;

namespace Baton.Verbs;

/// <summary><c>baton handoff accept</c>: signs a contract for a side, or for both in a team of one; or accepts a counter-offer.</summary>
internal sealed class HandoffAcceptVerb : Command
{
    private const string Both = "both";

    private readonly Argument<string> _model = new("models:/NAME") { Description = "The registered model" };
    private readonly Option<string?> _side = new("--side") { Description = "Who signs: model, service, or both", HelpName = "SIDE" };
    private readonly Option<string?> _offer = new("--offer") { Description = "The counter-offer to accept; it becomes a proposal, signed by nobody", HelpName = "ID" };
    private readonly Option<string?> _digest = new("--digest")
    {
        Description = "Which contract [default: the newest proposal]",
        HelpName = "sha256:…",
    };

    private readonly Option<string?> _server = Flags.Server();
    private readonly Option<bool> _json = Flags.Json();

    public HandoffAcceptVerb()
        : base("accept", "Sign the proposed contract of a model for one side, signed by both it is in force; or accept a counter-offer.")
    {
        _side.AcceptOnlyFromAmong("model", "service", Both);
        Add(_model);
        foreach (var option in new Option[] { _side, _offer, _digest, _server, _json })
            Add(option);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parse, CancellationToken stop)
    {
        var screen = new Screen(parse.GetValue(_json));
        var model = ModelName.Parse(parse.GetRequiredValue(_model));
        var (side, offer) = (parse.GetValue(_side), parse.GetValue(_offer));
        if (side is null == offer is null)
            throw new UsageException("give --side SIDE to sign the proposed contract, or --offer ID to accept a counter-offer.");
        using var client = Flags.Connect(parse, _server);
        if (offer is not null)
        {
            var accepted = await client.DecideOfferAsync(model, offer, "accept", cancel: stop);
            if (screen.Json)
                Screen.WriteJson(accepted);
            else
                screen.Line($"{model} {accepted.Clause}: offer {accepted.Id} is {accepted.Status}; proposed is contract {Digests.Short(accepted.ResultDigest!)}");
            return ExitCode.Done;
        }
        var digest = parse.GetValue(_digest) ?? (await NewestProposalAsync(client, model, stop)).Digest;
        ContractRecord? signed = null;
        foreach (var signer in Sides(side!))
            signed = await client.SignContractAsync(model, digest, signer, stop);
        if (screen.Json)
        {
            Screen.WriteJson(signed);
            return ExitCode.Done;
        }
        screen.Line($"{model}: contract {Digests.Short(digest)} is {Words.Of(signed!.Status)}");
        foreach (var signature in signed.Signatures)
            screen.Line($"  signed for the {Words.Of(signature.Side)} by {signature.Actor}");
        return ExitCode.Done;
    }

    internal static async Task<ContractRecord> NewestProposalAsync(BatonClient client, string model, CancellationToken cancel)
    {
        var contracts = await client.ListContractsAsync(model, cancel);
        return contracts.FirstOrDefault(c => c.Status == ContractStatus.Proposed)
            ?? throw new UsageException(contracts.Any(c => c.Status == ContractStatus.InForce)
                ? $"the contract of '{model}' is in force already, and there is no newer proposal to sign."
                : $"the model '{model}' has no contract to sign; propose one with `baton handoff propose CONTRACT.yaml`.");
    }

    private static ContractSide[] Sides(string side) => side switch
    {
        Both => [ContractSide.Model, ContractSide.Service],
        "model" => [ContractSide.Model],
        _ => [ContractSide.Service],
    };
}
