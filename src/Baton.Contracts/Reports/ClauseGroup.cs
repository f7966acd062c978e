namespace Baton.Contracts.Reports;

/// <summary>Clauses that belong together, in the order in which a report shows them.</summary>
/// <param name="Title">What they are about.</param>
/// <param name="Clauses">The clauses, in the order of the evidence; at least one.</param>
public sealed record ClauseGroup(string Title, IReadOnlyList<ClauseResult> Clauses)
{
    private const string Last = "Package and provenance";

    private static readonly (string Title, string[] Names)[] Titles =
    [
        ("Same model", ["reproduces"]),
        ("Metrics", ["metrics"]),
        ("Fairness", ["fairness"]),
        ("Data", ["data"]),
        ("Robustness", ["robustness"]),
        ("Own checks", ["checks"]),
        ("Speed and memory", ["latency", "memory", "hardware"]),
    ];

    /// <summary>The worst verdict of the group.</summary>
    public Verdict Verdict => Evidence.Overall(Clauses);

    /// <summary>All clauses of evidence, grouped.</summary>
    public static IReadOnlyList<ClauseGroup> Of(Evidence evidence)
    {
        var byTitle = evidence.Clauses.ToLookup(c => TitleOf(c.Name));
        return [.. Titles.Select(t => t.Title).Append(Last).Where(byTitle.Contains).Select(title => new ClauseGroup(title, [.. byTitle[title]]))];
    }

    /// <summary>The group that a clause belongs to.</summary>
    public static string TitleOf(string clause)
    {
        var first = clause.Split('.')[0];
        return Array.Find(Titles, t => t.Names.Contains(first)).Title ?? Last;
    }
}
