using System.CommandLine;
using Baton.Client;
using Baton.Contracts;
using Baton.Terminal;

namespace Baton.Verbs;

/// <summary><c>baton handoff accept</c>: signs a contract for a side, or for both in a team of one.</summary>
internal sealed class HandoffAcceptVerb : Command
{
    private const string Both = "both";

    private readonly Argument<string> _model = new("models:/NAME") { Description = "The registered model" };
    private readonly Option<string> _side = new("--side") { Description = "Who signs: model, service, or both", HelpName = "SIDE", Required = true };
    private readonly Option<string?> _digest = new("--digest")
    {
        Description = "Which contract [default: the newest proposal]",
        HelpName = "sha256:…",
    };

    private readonly Option<string?> _server = Flags.Server();
    private readonly Option<bool> _json = Flags.Json();

    public HandoffAcceptVerb()
        : base("accept", "Sign the proposed contract of a model for one side; signed by both it is in force.")
    {
        _side.AcceptOnlyFromAmong("model", "service", Both);
        Add(_model);
        foreach (var option in new Option[] { _side, _digest, _server, _json })
            Add(option);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parse, CancellationToken stop)
    {
        var screen = new Screen(parse.GetValue(_json));
        var model = ModelName.Parse(parse.GetRequiredValue(_model));
        using var client = Flags.Connect(parse, _server);
        var digest = parse.GetValue(_digest) ?? (await NewestProposalAsync(client, model, stop)).Digest;
        ContractRecord? signed = null;
        foreach (var side in Sides(parse.GetRequiredValue(_side)))
            signed = await client.SignContractAsync(model, digest, side, stop);
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

    private static async Task<ContractRecord> NewestProposalAsync(BatonClient client, string model, CancellationToken cancel)
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
