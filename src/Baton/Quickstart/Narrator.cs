using Baton.Terminal;
using Spectre.Console;

namespace Baton.Quickstart;

/// <summary>Tells the story while it happens, a line for each step; with <c>--json</c> on stderr.</summary>
internal sealed class Narrator(Screen screen, TimeProvider time)
{
    private IAnsiConsole Console => screen.Json ? screen.Error : screen.Out;

    private void Line(string text) => Console.Profile.Out.Writer.WriteLine(text);

    /// <summary>Does a step under a spinner, then says what came of it.</summary>
    /// <param name="title">What is being done.</param>
    /// <param name="work">The step: its value, and what came of it in one line.</param>
    public async Task<T> StepAsync<T>(string title, Func<Action<string>, Task<(T Value, string Result)>> work)
    {
        var started = time.GetTimestamp();
        var (value, result) = await screen.WithProgressAsync(title, work);
        Console.MarkupLineInterpolated($"[teal]{title}[/] [grey]{time.GetElapsedTime(started).TotalSeconds:0.0} s[/]");
        Console.Write(new Padder(new Text(result), new Padding(2, 0, 0, 0)));
        return value;
    }

    /// <summary>The whole story in short, with links.</summary>
    public void Conclude(Summary summary, Pages pages)
    {
        Line("");
        Console.MarkupLineInterpolated($"[bold]What happened[/], in {summary.Seconds:0.0} s");
        var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn(new GridColumn().NoWrap()).AddColumn();
        foreach (var version in summary.Versions)
        {
            grid.AddRow(
                new Markup($"{VerdictReport.Mark(version.Verdict)} {Markup.Escape($"{version.Version} {version.Name}")}"),
                new Text(Words.Of(version.Verdict)),
                new Text(version.Gate.Open ? $"in {version.Gate.Stage}" : $"refused by the gate to {version.Gate.Stage}"));
        }
        Console.Write(new Padder(grid, new Padding(2, 0, 0, 0)));
        Console.Write(WeekTable(summary.Weeks));
        foreach (var difference in summary.Differences)
            Console.MarkupLineInterpolated($"[red]  not as expected: {difference}[/]");
        Line("");
        Console.MarkupLine("[bold]Look[/]");
        foreach (var version in summary.Versions)
            Line($"  {version.Name,-11}{version.Url}");
        Line($"  {"endpoint",-11}{summary.Endpoint.Url}");
        Line($"  {"ledger",-11}{pages.Ledger}  {summary.Ledger} decisions: who, when, on which evidence");
    }

    private static Table WeekTable(IReadOnlyList<WeekSummary> weeks)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn("week of");
        foreach (var heading in (string[])["flights", "known", "late", "AUC", "Brier"])
            table.AddColumn(new TableColumn(heading).RightAligned());
        foreach (var week in weeks)
        {
            table.AddRow(
                week.Week, Words.Number(week.Predictions), Share(week.LabelCoverage), week.LateRate is { } late ? Share(late) : "-",
                Figure(week.RocAuc), Figure(week.BrierScore));
        }
        return table;
    }

    private static string Share(double share) => share.ToString("0.0 %", System.Globalization.CultureInfo.InvariantCulture);

    private static string Figure(double? figure) => figure?.ToString("0.0000", System.Globalization.CultureInfo.InvariantCulture) ?? "-";
}
