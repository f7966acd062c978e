using System.Text;
using Baton.Contracts.Reports.Html;

namespace Baton.Contracts.Reports;

/// <summary>Evidence as one HTML file: style and pictures are in it, nothing is fetched and no script runs; light and dark by the reader's setting.</summary>
public static class HtmlReport
{
    /// <summary>The page, with <c>\n</c> at the end.</summary>
    public static string Write(ReportSubject subject)
    {
        var evidence = subject.Evidence;
        var html = new StringBuilder("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">"
            + "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
            + $"<title>{Escaped.Of(subject.Name)}: {Wording.Of(evidence.Verdict)}</title><style>\n{Style.Css}\n</style></head><body>\n");
        html.Append($"<header class=\"{Escaped.Class(evidence.Verdict)}\"><h1><span class=\"badge\">{Wording.Of(evidence.Verdict)}</span>{Escaped.Of(subject.Sentence)}</h1><p>{Escaped.Of(subject.Tally)}");
        if (evidence.ProductionVersion is { } production)
            html.Append($"; compared with version {Escaped.Of(production)}, in production");
        html.Append("</p>");
        if (subject.Contract?.Purpose is { } purpose)
            html.Append($"<p>{Escaped.Of(purpose)}</p>");
        html.Append("</header>\n");
        Groups(html, ClauseGroup.Of(evidence));
        PictureGallery.Write(html, subject);
        Score(html, MlTestScore.Of(subject));
        Footer(html, evidence);
        return html.Append("</body></html>\n").ToString();
    }

    // What stands in the way comes first within its group.
    private static void Groups(StringBuilder html, IReadOnlyList<ClauseGroup> groups)
    {
        foreach (var group in groups)
        {
            html.Append($"<h2>{Escaped.Of(group.Title)}</h2>\n");
            foreach (var clause in group.Clauses.OrderBy(c => c.Verdict == Verdict.Pass))
                ClauseSection.Write(html, clause);
        }
    }

    private static void Score(StringBuilder html, MlTestScore score)
    {
        html.Append($"<h2>ML Test Score</h2><p>{Escaped.Of(score.Line)}. The score is the smallest of the four.</p><details><summary>the 28 tests</summary>"
            + "<table><tr><th></th><th>mark</th><th>test</th><th>from, or what would earn it</th></tr>\n");
        foreach (var test in score.Tests)
            html.Append($"<tr><td>{test.Id}</td><td class=\"n\">{MlTestScore.Written(test.Mark)}</td><td>{Escaped.Of(test.What)}</td><td>{Escaped.Of(test.Why)}</td></tr>\n");
        html.Append("</table></details>\n");
    }

    private static void Footer(StringBuilder html, Evidence evidence)
    {
        html.Append($"<footer>{Escaped.Of(Wording.Of(evidence.Machine))}; {Wording.At(evidence.StartedAt)} to {Wording.At(evidence.FinishedAt)}");
        if (evidence.Machine.LoadPerCore > 0.5)
            html.Append($"; the machine was busy when it began (load {Wording.Rounded(evidence.Machine.LoadPerCore)} a core): its times are noisy");
        html.Append($"<br>contract <code>{Escaped.Of(evidence.ContractDigest)}</code><br>claims <code>{Escaped.Of(evidence.ClaimsDigest)}</code><br>package <code>{Escaped.Of(evidence.PackageDigest)}</code></footer>\n");
    }
}
