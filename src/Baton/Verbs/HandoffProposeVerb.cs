using System.CommandLine;
using Baton.Contracts;
using Baton.Terminal;

namespace Baton.Verbs;

/// <summary><c>baton handoff propose</c>: puts a contract before both sides.</summary>
internal sealed class HandoffProposeVerb : Command
{
    private readonly Argument<string> _file = new("CONTRACT.yaml") { Description = "The contract" };
    private readonly Option<string?> _server = Flags.Server();
    private readonly Option<bool> _json = Flags.Json();

    public HandoffProposeVerb()
        : base("propose", "Propose a contract for the model that it names; it is in force once both sides have accepted.")
    {
        Add(_file);
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
        var record = await client.ProposeContractAsync(contract.Model, source.Text, stop);
        if (screen.Json)
            Screen.WriteJson(record);
        else
            screen.Line($"{contract.Model}: contract {Digests.Short(record.Digest)} is {Words.Of(record.Status)}");
        return ExitCode.Done;
    }
}
