using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace Baton.Contracts.Reports;

/// <summary>
/// Evidence as JUnit XML, in the shape that Jenkins, GitLab, GitHub actions and Azure Pipelines read: a suite a group, a case a clause. A clause that
/// fails is a failure; one that is inconclusive or was not run is an error, since neither opens a gate.
/// </summary>
public static class JUnitReport
{
    /// <summary>The document, UTF-8 declared, with <c>\n</c> at the end of each line.</summary>
    public static string Write(ReportSubject subject)
    {
        var evidence = subject.Evidence;
        var took = Seconds((evidence.FinishedAt - evidence.StartedAt).TotalSeconds);
        var root = new XElement("testsuites", [
            new XAttribute("name", Clean(subject.Name)), .. Counts(evidence.Clauses), new XAttribute("time", took),
            .. ClauseGroup.Of(evidence).Select(group => Suite(subject, group)),
        ]);
        var text = new StringBuilder();
        using (var writer = XmlWriter.Create(text, new XmlWriterSettings { Indent = true, NewLineChars = "\n", OmitXmlDeclaration = true }))
            root.Save(writer);
        return $"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{text}\n";
    }

    private static XElement Suite(ReportSubject subject, ClauseGroup group) => new("testsuite", [
        new XAttribute("name", Clean($"{subject.Name}: {group.Title}")), .. Counts(group.Clauses), new XAttribute("time", "0"),
        new XAttribute("timestamp", subject.Evidence.StartedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture)),
        new XElement("properties", Properties(subject.Evidence).Select(p => new XElement("property", new XAttribute("name", p.Name), new XAttribute("value", Clean(p.Value))))),
        .. group.Clauses.Select(clause => Case(subject, group, clause)),
    ]);

    private static XElement Case(ReportSubject subject, ClauseGroup group, ClauseResult clause)
    {
        var element = new XElement(
            "testcase", new XAttribute("classname", Clean($"{subject.Evidence.Model}.{group.Title}")), new XAttribute("name", Clean(clause.Name)), new XAttribute("time", "0"));
        element.Add(clause.Verdict == Verdict.Pass ? new XElement("system-out", Clean(Told(clause))) : new XElement(
            clause.Verdict == Verdict.Fail ? "failure" : "error",
            new XAttribute("message", Clean(clause.Reason)), new XAttribute("type", JsonNames.Of(clause.Verdict)), Clean(Told(clause))));
        return element;
    }

    private static IEnumerable<XAttribute> Counts(IReadOnlyCollection<ClauseResult> clauses) =>
    [
        new("tests", clauses.Count),
        new("failures", clauses.Count(c => c.Verdict == Verdict.Fail)),
        new("errors", clauses.Count(c => c.Verdict is Verdict.Inconclusive or Verdict.NotRun)),
        new("skipped", 0),
    ];

    private static IEnumerable<(string Name, string Value)> Properties(Evidence evidence) =>
    [
        ("contract", evidence.ContractDigest), ("claims", evidence.ClaimsDigest), ("package", evidence.PackageDigest),
        ("verdict", JsonNames.Of(evidence.Verdict)), ("machine", Wording.Of(evidence.Machine)),
    ];

    private static string Told(ClauseResult clause)
    {
        string?[] lines =
        [
            $"demanded: {clause.Demanded}",
            clause.Claimed is null ? null : $"claimed: {Wording.Value(clause.Claimed, clause.Unit)}",
            clause.Measured is null ? null : $"measured: {Wording.Measured(clause)}",
            $"evidence: {Wording.Of(clause.Evidence)}",
            clause.Comparison is { } comparison ? $"production: {Wording.Of(comparison)}" : null,
            clause.MoreNeeded is { } more ? $"more needed: {Wording.Of(more)}" : null,
            .. clause.Facts.Select(f => $"{f.Label}: {f.Text}"),
            clause.DifferingRowCount == 0 ? null : $"rows that differ: {Wording.Number(clause.DifferingRowCount)}",
        ];
        return string.Join('\n', lines.OfType<string>());
    }

    private static string Seconds(double seconds) => Math.Max(0, seconds).ToString("0.000", CultureInfo.InvariantCulture);

    // Ids of rows are other people's bytes; XML cannot hold all of them.
    private static string Clean(string text) => string.Concat(text.EnumerateRunes().Select(rune => IsXml(rune) ? rune.ToString() : "\uFFFD"));

    private static bool IsXml(Rune rune) => rune.Value >= 0x10000 || XmlConvert.IsXmlChar((char)rune.Value);
}
