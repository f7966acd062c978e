using Baton.Contracts;
using Baton.Contracts.Reports;
using Spectre.Console;

namespace Baton.Terminal;

/// <summary>
/// What verification found, for people: the verdict, then by group a row for each clause with claimed, measured and demanded, beneath it its interval
/// against the bound and the rung of its evidence, and for those that do not pass the reason and the rows that differ.
/// </summary>
internal sealed class VerdictReport(Screen screen)
{
    private const int Indent = 4;
    private const int RowsShown = 5;
    private const int WidestName = 24;
    private const int Roomy = 100;

    // Column limits for claimed and measured; what is longer is wrapped.
    private readonly (int Claimed, int Measured) _limits = screen.Out.Profile.Width >= Roomy ? (22, 27) : (13, 25);

    /// <summary>Writes the report of one candidate.</summary>
    public void Write(ReportSubject subject)
    {
        var console = screen.Out;
        var evidence = subject.Evidence;
        console.MarkupLine($"{Badge(evidence.Verdict)} [bold]{Markup.Escape(subject.Name)}[/]  {Summary(evidence)}");
        console.MarkupLineInterpolated(
            $"[grey]contract {Digests.Short(evidence.ContractDigest)}  package {Digests.Short(evidence.PackageDigest)}{Against(evidence)}[/]");
        console.WriteLine();

        var widths = Widths(evidence.Clauses);
        console.Write(Row(widths, new Text(""), Grey("clause"), Grey("claimed"), Grey("measured"), Grey("demanded")));
        foreach (var group in ClauseGroup.Of(evidence))
        {
            console.MarkupLineInterpolated($"[grey]{group.Title}[/]");
            foreach (var clause in group.Clauses)
                Write(clause, widths);
        }

        console.WriteLine();
        if (subject is { Contract: not null, Claims: not null })
            Score(MlTestScore.Of(subject));
        var machine = evidence.Machine;
        var memory = Words.Number(machine.MemoryBytes / (double)(1L << 30));
        var took = (evidence.FinishedAt - evidence.StartedAt).TotalSeconds;
        console.MarkupLineInterpolated(
            $"[grey]measured on {machine.Cpu}, {Words.Number(machine.Cores)} cores, {memory} GiB, {machine.Runtime}, in {took:0.0} s[/]");
        if (machine.LoadPerCore > 0.5)
            console.MarkupLineInterpolated(
                $"[yellow]the machine was busy when it began (load {machine.LoadPerCore:0.0} a core): its times are noisy[/]");
    }

    /// <summary>The ML Test Score, and what would raise it: the tests of its weakest group that are still to be earned.</summary>
    private void Score(MlTestScore score)
    {
        screen.Out.MarkupLineInterpolated($"[grey]{score.Line}[/]");
        var weakest = score.Groups.MinBy(g => g.Sum).Name;
        foreach (var test in score.Of(weakest).Where(t => t.Mark < 1))
            Beneath($"{test.Id} {test.What}: {test.Why}", Color.Grey);
    }

    /// <summary>What one glance needs: <c>✔ pass</c>.</summary>
    public static string Mark(Verdict verdict) => verdict switch
    {
        Verdict.Pass => "[green]✔[/]",
        Verdict.Fail => "[red]✘[/]",
        Verdict.Inconclusive => "[yellow]?[/]",
        _ => "[yellow]-[/]",
    };

    private static string Badge(Verdict verdict) => verdict switch
    {
        Verdict.Pass => "[black on green] PASS [/]",
        Verdict.Fail => "[white on red] FAIL [/]",
        Verdict.Inconclusive => "[black on yellow] INCONCLUSIVE [/]",
        _ => "[black on yellow] NOT RUN [/]",
    };

    private static string Summary(Evidence evidence) =>
        string.Join(", ", evidence.Clauses.GroupBy(c => c.Verdict).OrderBy(g => g.Key).Select(g => $"{g.Count()} {Words.Of(g.Key)}"));

    private static string Against(Evidence evidence) => evidence.ProductionVersion is { } version ? $"  against production {version}" : "";

    private static Text Grey(string text) => new(text, Color.Grey);

    private static Text Bold(string text) => new(text, new Style(decoration: Decoration.Bold));

    private static Text Cell(string text) => new(text);

    private (int Name, int Claimed, int Measured) Widths(IReadOnlyList<ClauseResult> clauses)
    {
        static int Widest(IEnumerable<string> texts, string head, int limit) => Math.Min(limit, texts.Append(head).Max(t => t.Length));
        return (
            Widest(clauses.Select(c => c.Name), "clause", WidestName),
            Widest(clauses.Select(c => Wording.Value(c.Claimed, c.Unit)), "claimed", _limits.Claimed),
            Widest(clauses.Select(Wording.Measured), "measured", _limits.Measured));
    }

    private static Grid Row((int Name, int Claimed, int Measured) widths, params Text[] cells) => new Grid()
        .AddColumn(Column(1).PadLeft(1)).AddColumn(Column(widths.Name)).AddColumn(Column(widths.Claimed)).AddColumn(Column(widths.Measured))
        .AddColumn(LastColumn).AddRow(cells);

    private static Grid Row(int name, params Text[] cells) =>
        new Grid().AddColumn(Column(1).PadLeft(1)).AddColumn(Column(name)).AddColumn(LastColumn).AddRow(cells);

    private static GridColumn LastColumn => new GridColumn().PadLeft(0).PadRight(0);

    private static GridColumn Column(int width) => new GridColumn().Width(width).PadLeft(0).PadRight(2);

    private void Write(ClauseResult clause, (int Name, int Claimed, int Measured) widths)
    {
        var mark = new Text(Markup.Remove(Mark(clause.Verdict)), Colour(clause.Verdict));
        if (clause is { Verdict: Verdict.Pass, Evidence: EvidenceLevel.Extracted })
        {
            // What the package itself says needs one cell: claimed and found are the same.
            screen.Out.Write(Row(widths.Name, mark, Bold(clause.Name), Cell($"{Wording.Value(clause.Measured, clause.Unit)}, {clause.Demanded}")));
            return;
        }
        screen.Out.Write(Row(
            widths, mark, Bold(clause.Name), Cell(Wording.Value(clause.Claimed, clause.Unit)),
            Cell(Wording.Measured(clause)), Cell(clause.Demanded)));
        var bar = IntervalBar.Of(clause);
        Beneath(bar.Length == 0 ? Wording.Of(clause.Evidence) : $"{bar}  {Wording.Of(clause.Evidence)}", Color.Grey);
        if (clause.Verdict != Verdict.Pass)
            Beneath(clause.Reason, Colour(clause.Verdict));
        Differing(clause);
    }

    private void Differing(ClauseResult clause)
    {
        if (clause.DifferingRowCount == 0)
            return;
        var cut = clause.DifferingRowCount > RowsShown ? $", the first {RowsShown}" : "";
        Beneath($"{Words.Number(clause.DifferingRowCount)} rows differ{cut}:", Color.Grey);
        foreach (var row in clause.DifferingRows.Take(RowsShown))
            Beneath($"  {row.Id}  expected {row.Expected:0.0000##}, got {row.Actual:0.0000##}", Color.Grey);
    }

    private void Beneath(string text, Color colour) => screen.Out.Write(new Padder(new Text(text, colour), new Padding(Indent, 0, 0, 0)));

    private static Color Colour(Verdict verdict) => verdict switch
    {
        Verdict.Pass => Color.Green,
        Verdict.Fail => Color.Red,
        _ => Color.Yellow,
    };
}
