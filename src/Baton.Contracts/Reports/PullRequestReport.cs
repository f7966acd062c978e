using System.Text;

namespace Baton.Contracts.Reports;

/// <summary>Evidence as Markdown for a pull request: the verdict first, what differs from production, how much more is needed, then the clauses.</summary>
public static class PullRequestReport
{
    private const int RowsShown = 10;

    /// <summary>GitHub-flavoured Markdown, with <c>\n</c> at the end of each line.</summary>
    public static string Write(ReportSubject subject)
    {
        var evidence = subject.Evidence;
        var text = new StringBuilder();
        text.Append($"## {Markdown.Sign(evidence.Verdict)} {Markdown.Text(subject.Sentence)}\n\n");
        text.Append($"{subject.Tally}.\n");
        Production(text, evidence);
        More(text, evidence);
        var open = evidence.Clauses.Where(c => c.Verdict != Verdict.Pass).ToList();
        if (open.Count > 0)
        {
            text.Append("\n### What stands in the way\n\n");
            Table(text, open, why: true);
        }

        foreach (var clause in open.Where(c => c.DifferingRowCount > 0))
            Differing(text, clause);
        var passed = evidence.Clauses.Where(c => c.Verdict == Verdict.Pass).ToList();
        if (passed.Count > 0)
        {
            text.Append($"\n<details><summary>{passed.Count} pass</summary>\n\n");
            Table(text, passed, why: false);
            text.Append("\n</details>\n");
        }

        Score(text, MlTestScore.Of(subject));
        text.Append($"\n<sub>contract {Markdown.Code(Digests.Short(evidence.ContractDigest))} · package {Markdown.Code(Digests.Short(evidence.PackageDigest))} · "
            + $"{Markdown.Text(Wording.Of(evidence.Machine))} · {Wording.At(evidence.FinishedAt)}</sub>\n");
        return text.ToString();
    }

    private static void Production(StringBuilder text, Evidence evidence)
    {
        if (evidence.ProductionVersion is not { } version)
            return;
        var compared = evidence.Clauses.Where(c => c.Comparison is not null).ToList();
        text.Append($"\n### Against version {Markdown.Text(version)}, in production\n\n");
        if (compared.Count == 0)
        {
            text.Append("Nothing was compared with it.\n");
            return;
        }

        text.Append(Markdown.Head("", "clause", "this version", "production", "difference", "interval", "allowed"));
        foreach (var (clause, comparison) in compared.Select(c => (c, c.Comparison!)))
        {
            text.Append(Markdown.Row(
                Markdown.Sign(comparison.Verdict), Markdown.Code(clause.Name), Wording.Value(clause.Measured, clause.Unit), Wording.Number(comparison.Production),
                Wording.Number(comparison.Difference), $"{Wording.Number(comparison.Interval.Low)} to {Wording.Number(comparison.Interval.High)}", Of(comparison.Bound)));
        }
    }

    private static void More(StringBuilder text, Evidence evidence)
    {
        var undecided = evidence.Clauses.Where(c => c.MoreNeeded is not null).ToList();
        if (undecided.Count == 0)
            return;
        text.Append("\n### How much more is needed\n\n");
        foreach (var clause in undecided)
            text.Append($"- {Markdown.Code(clause.Name)}: {Markdown.Text(Wording.Of(clause.MoreNeeded!))}\n");
    }

    private static void Table(StringBuilder text, IEnumerable<ClauseResult> clauses, bool why)
    {
        text.Append(Markdown.Head([" ", "clause", "claimed", "measured", "demanded", "evidence", .. why ? ["why"] : Array.Empty<string>()]));
        foreach (var clause in clauses)
        {
            text.Append(Markdown.Row([
                Markdown.Sign(clause.Verdict), Markdown.Code(clause.Name), Markdown.Text(Wording.Value(clause.Claimed, clause.Unit)), Markdown.Text(Wording.Measured(clause)),
                Markdown.Text(clause.Demanded), Wording.Of(clause.Evidence), .. why ? [Markdown.Text(clause.Reason)] : Array.Empty<string>(),
            ]));
        }
    }

    private static void Differing(StringBuilder text, ClauseResult clause)
    {
        text.Append($"\n<details><summary>{Wording.Number(clause.DifferingRowCount)} rows differ in {clause.Name}</summary>\n\n");
        text.Append(Markdown.Head("row", "expected", "got"));
        foreach (var row in clause.DifferingRows.Take(RowsShown))
            text.Append(Markdown.Row(Markdown.Code(row.Id), Wording.Number(row.Expected), Wording.Number(row.Actual)));
        text.Append("\n</details>\n");
    }

    private static void Score(StringBuilder text, MlTestScore score)
    {
        text.Append($"\n<details><summary>{Markdown.Text(score.Line)}</summary>\n\n");
        text.Append(Markdown.Head("test", "mark", "what it is", "from, or what would earn it"));
        foreach (var test in score.Tests)
            text.Append(Markdown.Row(test.Id, MlTestScore.Written(test.Mark), Markdown.Text(test.What), Markdown.Text(test.Why)));
        text.Append("\n</details>\n");
    }

    private static string Of(Bound bound) => string.Join(", ", new[]
    {
        bound.Min is { } min ? $"at least {Quantities.Format(min)}" : null,
        bound.Max is { } max ? $"at most {Quantities.Format(max)}" : null,
    }.OfType<string>());
}
