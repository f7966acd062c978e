using System.Globalization;
using Baton.Terminal;
using Spectre.Console;

namespace Baton.Importing;

/// <summary>Shows a loss report on the terminal.</summary>
internal static class ReportTable
{
    private const int MostShown = 20;

    public static void Write(Screen screen, ImportReport report, bool dryRun)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn("");
        foreach (var column in new[] { "found", dryRun ? "to carry" : "carried", "unchanged", "by reference", "left behind", "renamed" })
            table.AddColumn(new TableColumn(column).RightAligned());
        foreach (var (kind, t) in report.Tallies.Where(t => t.Tally.Found > 0 || t.Tally.Skipped > 0))
            table.AddRow(Markup.Escape(kind), Number(t.Found), Number(t.Carried), Number(t.Unchanged), Number(t.ByReference), Number(t.Skipped), Number(t.Renamed));
        screen.Out.Write(table);
        foreach (var remark in report.Remarks.Take(MostShown))
            screen.Line($"{remark.Outcome.Replace('_', ' ')}: {remark.Kind} {remark.Id}: {remark.Reason}");
        if (report.Remarks.Count + report.MoreRemarks is var all && all > MostShown)
            screen.Line($"… and {all - MostShown:N0} more: --report FILE lists them");
        screen.Line(Sentence(report, dryRun));
    }

    public static string Sentence(ImportReport report, bool dryRun) => (report.HasLoss, report.HasCarried, dryRun) switch
    {
        (true, _, _) => "Something was left behind; see above.",
        (_, false, _) => "Nothing new.",
        (_, _, true) => "Nothing was sent: this was a dry run.",
        _ => "Everything was carried.",
    };

    private static string Number(long number) => number == 0 ? "" : number.ToString("N0", CultureInfo.InvariantCulture);
}
