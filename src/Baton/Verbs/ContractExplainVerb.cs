using System.CommandLine;
using Baton.Contracts;
using Baton.Terminal;
using Spectre.Console;

namespace Baton.Verbs;

/// <summary><c>baton contract explain</c>: what a clause or a field of the language means.</summary>
internal sealed class ContractExplainVerb : Command
{
    private readonly Argument<string?> _path = new("CLAUSE") { Description = "E.g. latency, metrics.roc_auc or metrics.roc_auc.slices; the whole language without it", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<bool> _json = Flags.Json();

    public ContractExplainVerb()
        : base("explain", "Tell what a clause of a contract means and what can stand in it.")
    {
        Add(_path);
        Add(_json);
        SetAction(Run);
    }

    private int Run(ParseResult parse)
    {
        var screen = new Screen(parse.GetValue(_json));
        var path = parse.GetValue(_path);
        if ((path is null ? ContractField.Language() : ContractField.Find(path)) is not { } field)
            throw new UsageException($"There is no clause or field '{path}' in the contract's language. `baton contract explain` lists the clauses.");
        if (screen.Json)
        {
            Screen.WriteJson(field);
            return ExitCode.Done;
        }

        screen.Out.MarkupLineInterpolated($"[bold]{(field.Path.Length == 0 ? "contract" : field.Path)}[/]  {field.About}");
        if (field.Fields.Count == 0)
            return ExitCode.Done;
        screen.Line();
        var grid = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(3)).AddColumn();
        foreach (var inner in field.Fields)
            grid.AddRow(new Text(field.Path.Length == 0 ? inner.Path : inner.Path[(field.Path.Length + 1)..], Color.Teal), new Text(inner.About));
        screen.Out.Write(grid);
        return ExitCode.Done;
    }
}
