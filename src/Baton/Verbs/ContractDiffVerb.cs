using System.CommandLine;
using Baton.Contracts;
using Baton.Terminal;
using Spectre.Console;

namespace Baton.Verbs;

/// <summary><c>baton contract diff</c>: what a change of a contract means to those who rely on it.</summary>
internal sealed class ContractDiffVerb : Command
{
    private readonly Argument<string> _old = new("OLD.yaml | models:/NAME") { Description = "The contract before" };
    private readonly Argument<string> _new = new("NEW.yaml | models:/NAME") { Description = "The contract after" };
    private readonly Option<string?> _server = Flags.Server();
    private readonly Option<bool> _json = Flags.Json();

    public ContractDiffVerb()
        : base("diff", "Compare two contracts: which demands were tightened, loosened, added or removed.")
    {
        Add(_old);
        Add(_new);
        Add(_server);
        Add(_json);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parse, CancellationToken stop)
    {
        var screen = new Screen(parse.GetValue(_json));
        var before = (await ContractSource.ReadAsync(parse.GetRequiredValue(_old), () => Flags.Connect(parse, _server), stop)).Parse();
        var after = (await ContractSource.ReadAsync(parse.GetRequiredValue(_new), () => Flags.Connect(parse, _server), stop)).Parse();
        var changes = ContractDiff.Between(before, after);
        if (screen.Json)
        {
            Screen.WriteJson(new { Old = ContractCanon.Digest(before), New = ContractCanon.Digest(after), Changes = changes });
            return ExitCode.Done;
        }
        if (changes.Count == 0)
        {
            screen.Line("The contracts demand the same.");
            return ExitCode.Done;
        }
        var grid = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(2)).AddColumn(new GridColumn().NoWrap().PadRight(3)).AddColumn();
        foreach (var change in changes)
        {
            grid.AddRow(
                new Text(change.Kind.ToString().ToLowerInvariant(), Colour(change.Kind)),
                new Text(change.Path),
                new Text($"{change.Before ?? "(none)"} → {change.After ?? "(none)"}"));
        }
        screen.Out.Write(grid);
        return ExitCode.Done;
    }

    private static Color Colour(ChangeKind kind) => kind switch
    {
        ChangeKind.Breaking => Color.Red,
        ChangeKind.Compatible => Color.Green,
        _ => Color.Grey,
    };
}
