using System.CommandLine;
using Baton.Contracts;
using Baton.Terminal;
using Spectre.Console;

namespace Baton.Verbs;

/// <summary><c>baton contract show</c>: a contract in words.</summary>
internal sealed class ContractShowVerb : Command
{
    private readonly Argument<string> _contract = new("CONTRACT.yaml | models:/NAME")
    {
        Description = "A file, or the contract of a model on the server",
    };

    private readonly Option<string?> _server = Flags.Server();
    private readonly Option<bool> _json = Flags.Json();

    public ContractShowVerb()
        : base("show", "Show a contract in words, with its digest and who has signed it.")
    {
        Add(_contract);
        Add(_server);
        Add(_json);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parse, CancellationToken stop)
    {
        var screen = new Screen(parse.GetValue(_json));
        var source = await ContractSource.ReadAsync(parse.GetRequiredValue(_contract), () => Flags.Connect(parse, _server), stop);
        var contract = source.Parse();
        var digest = ContractCanon.Digest(contract);
        if (screen.Json)
        {
            Screen.WriteJson(new { Digest = digest, source.Record?.Version, source.Record?.Status, source.Record?.Signatures, source.Record?.InForceSince, Contract = contract });
            return ExitCode.Done;
        }

        screen.Out.MarkupLineInterpolated($"[bold]{contract.Model}[/]  [grey]{digest}[/]");
        if (contract.Purpose is { } purpose)
            screen.Line(purpose);
        screen.Line();
        var grid = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(3)).AddColumn();
        foreach (var (name, demand) in Demands.Of(contract))
            grid.AddRow(new Text(name, Color.Teal), new Text(demand));
        screen.Out.Write(grid);
        screen.Line();
        foreach (var line in Standing(source, contract))
            screen.Line(line);
        return ExitCode.Done;
    }

    private static IEnumerable<string> Standing(ContractSource source, Contract contract)
    {
        if (contract.Owners is { } owners)
            yield return $"owners: {owners.Model ?? "-"} for the model, {owners.Service ?? "-"} for the service";
        if (source.Record is not { } record)
            yield break;
        var number = record.Version is { } version ? $"{version}, " : "";
        yield return number + (record.InForceSince is { } since ? $"{Words.Of(record.Status)} since {Words.At(since)}" : Words.Of(record.Status));
        foreach (var signature in record.Signatures)
            yield return $"signed for the {Words.Of(signature.Side)} by {signature.Actor}, {Words.At(signature.At)}";
    }
}
