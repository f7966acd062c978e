using System.Text;

namespace Baton.Contracts.Reports.Html;

/// <summary>One clause on the page: verdict, evidence, claimed against measured, interval against bound, and what more there is to say.</summary>
internal static class ClauseSection
{
    private const int RowsShown = 200;

    public static void Write(StringBuilder html, ClauseResult clause)
    {
        html.Append($"<section class=\"clause {Escaped.Class(clause.Verdict)}\" id=\"{Escaped.Of(clause.Name)}\"><div class=\"head\"><span class=\"mark\">{Wording.Mark(clause.Verdict)} {Wording.Of(clause.Verdict)}</span>"
            + $"<b>{Escaped.Of(clause.Name)}</b><span class=\"rung\">{Wording.Of(clause.Evidence)}</span></div>");
        html.Append("<div class=\"numbers\">");
        Cell(html, "claimed", Wording.Value(clause.Claimed, clause.Unit));
        Cell(html, "measured", Wording.Measured(clause));
        Cell(html, "demanded", clause.Demanded);
        html.Append($"<div>{Pictures.Interval(clause)}</div></div>");
        if (clause.Verdict != Verdict.Pass)
            html.Append($"<p class=\"reason\">{Escaped.Of(clause.Reason)}</p>");
        if (clause.Comparison is { } comparison)
            html.Append($"<p class=\"reason\"><span class=\"mark\">{Wording.Mark(comparison.Verdict)}</span> {Escaped.Of(Wording.Of(comparison))}, on {Wording.Number(comparison.Rows)} rows that both predicted</p>");
        if (clause.MoreNeeded is { } more)
            html.Append($"<p class=\"reason more\">{Escaped.Of(Wording.Of(more))}</p>");
        Drawn(html, clause);
        Facts(html, clause);
        Differing(html, clause);
        html.Append("</section>\n");
    }

    private static void Cell(StringBuilder html, string label, string text) =>
        html.Append($"<div><span class=\"label\">{label}</span>{Escaped.Of(text)}</div>");

    /// <summary>What is no picture of its own: slices with intervals, percentiles, a metric by day.</summary>
    private static void Drawn(StringBuilder html, ClauseResult clause)
    {
        var series = clause.Series.Where(s => s.X.Count > 1 && !SeriesNames.Pictures.Contains(s.Name)).ToList();
        if (series.Count == 0)
            return;
        var (low, high) = (series.Find(s => s.Name == SeriesNames.Low), series.Find(s => s.Name == SeriesNames.High));
        var picture = low is not null && high is not null && series[0] is var values && values != low
                ? Pictures.Forest(values, low, high, clause.Bound)
            : series is [{ X: [['p', ..], ..] } percentiles] ? Pictures.Bars(percentiles, clause.Unit, clause.Bound?.Max)
            : Pictures.Lines(series, clause.Bound);
        html.Append($"<details{(clause.Verdict == Verdict.Pass ? "" : " open")}><summary>{Escaped.Of(string.Join(", ", series.Where(s => s != low && s != high).Select(s => s.Name)))}</summary>{picture}</details>");
    }

    private static void Facts(StringBuilder html, ClauseResult clause)
    {
        if (clause.Facts.Count == 0 && clause.Verdict != Verdict.Pass)
            return;
        html.Append("<details><summary>details</summary><table>");
        if (clause.Verdict == Verdict.Pass && clause.Reason.Length > 0)
            html.Append($"<tr><td colspan=\"2\">{Escaped.Of(clause.Reason)}</td></tr>");
        foreach (var fact in clause.Facts)
            html.Append($"<tr><th>{Escaped.Of(fact.Label)}</th><td>{Escaped.Of(fact.Text)}</td></tr>");
        html.Append("</table></details>");
    }

    private static void Differing(StringBuilder html, ClauseResult clause)
    {
        if (clause.DifferingRowCount == 0)
            return;
        html.Append($"<details{(clause.Verdict == Verdict.Pass ? "" : " open")}><summary>{Wording.Number(clause.DifferingRowCount)} rows differ"
            + $"{(clause.DifferingRowCount > RowsShown ? $", the worst {RowsShown}" : "")}</summary><table><tr><th>row</th><th class=\"n\">expected</th><th class=\"n\">got</th><th class=\"n\">difference</th></tr>");
        foreach (var row in clause.DifferingRows.Take(RowsShown))
        {
            html.Append($"<tr><td><code>{Escaped.Of(row.Id)}</code></td><td class=\"n\">{Escaped.Of(Wording.Number(row.Expected))}</td><td class=\"n\">{Escaped.Of(Wording.Number(row.Actual))}</td>"
                + $"<td class=\"n\">{Escaped.Of(Wording.Number(row.Actual - row.Expected))}</td></tr>");
        }

        html.Append("</table></details>");
    }
}
