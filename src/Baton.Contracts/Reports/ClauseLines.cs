using Baton.Contracts.Yaml;

namespace Baton.Contracts.Reports;

/// <summary>Where a contract's clauses stand in its text.</summary>
internal sealed class ClauseLines
{
    private readonly Entry? _clauses;

    /// <param name="yaml">The contract's text; null or unreadable gives line 1 for every clause.</param>
    public ClauseLines(string? yaml) =>
        _clauses = yaml is null ? null : YamlTree.Read(yaml, new ProblemLog())?.Entries.FirstOrDefault(e => e.Key == "clauses");

    /// <summary>Line of a clause, from 1: its own, else that of the clause it is part of, else that of <c>clauses</c> (for standing checks).</summary>
    public int Of(string clause)
    {
        if (_clauses is null)
            return 1;
        var (at, rest) = (_clauses, clause);
        while (at.Value is MappingNode mapping && Next(mapping, rest) is { } next)
        {
            at = next;
            rest = rest.Length > next.Key.Length ? rest[(next.Key.Length + 1)..] : "";
        }

        return at.At.Line;
    }

    // Names may hold dots themselves (p99.9), so the longest that fits is the one.
    private static Entry? Next(MappingNode mapping, string path) => mapping.Entries
        .Where(e => path == e.Key || path.StartsWith(e.Key + ".", StringComparison.Ordinal))
        .MaxBy(e => e.Key.Length);
}
