using System.CommandLine;
using Baton.Contracts;
using Baton.Terminal;

namespace Baton.Verbs;

/// <summary><c>baton handoff propose</c>: puts a contract before both sides.</summary>
internal sealed class HandoffProposeVerb : Command
{
    private readonly Argument<string> _file = new("CONTRACT.yaml") { Description = "The contract" };
    private readonly Option<bool> _draft = new("--draft") { Description = "Keep it as a draft: nobody is asked to sign it" };
    private readonly Option<string?> _server = Flags.Server();
    private readonly Option<bool> _json = Flags.Json();

    public HandoffProposeVerb()
        : base("propose", "Propose a contract for the model that it names; it is in force once both sides have accepted.")
    {
        Add(_file);
        Add(_draft);
        Add(_server);
        Add(_json);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parse, CancellationToken stop)
    {
        var screen = new Screen(parse.GetValue(_json));
        var source = new ContractSource(parse.GetRequiredValue(_file), ContractSource.ReadFile(parse.GetRequiredValue(_file), "contract"), null);
        var contract = source.Parse();
        using var client = Flags.Connect(parse, _server);
        var record = parse.GetValue(_draft)
            ? await client.DraftContractAsync(contract.Model, source.Text, stop)
            : await client.ProposeContractAsync(contract.Model, source.Text, stop);
        if (screen.Json)
            Screen.WriteJson(record);
        else
            screen.Line($"{contract.Model}: contract {(record.Version is { } version ? version + " " : "")}{Digests.Short(record.Digest)} is {Words.Of(record.Status)}{(record.Change is { } change ? $"; a {change.ToString().ToLowerInvariant()} change" : "")}");
        return ExitCode.Done;
    }
}
