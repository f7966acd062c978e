using Baton.Contracts;
using Baton.Statistics;

namespace Baton.Verification.Clauses;

/// <summary>A metric group by group, to draw.</summary>
internal static class MetricByGroup
{
    private const int MostGroups = 400;

    /// <summary>One series for the candidate and one for production, where it is compared; none where rows are not grouped, or in too many groups to draw.</summary>
    public static IReadOnlyList<Series> Series(Metric metric, MetricSide candidate, MetricSide? production)
    {
        var names = candidate.Groups?.Distinct().Order(StringComparer.Ordinal).ToList();
        if (names is null or { Count: > MostGroups })
            return [];
        return production is null
            ? [new Series("this version", names, Values(metric, candidate, names))]
            : [new Series("this version", names, Values(metric, candidate, names)), new Series("production", names, Values(metric, production, names))];
    }

    private static double?[] Values(Metric metric, MetricSide side, List<string> names)
    {
        var places = Enumerable.Range(0, side.Ids.Length).ToLookup(i => side.Groups![i], StringComparer.Ordinal);
        return [.. names.Select(name => places[name].ToList() is { Count: > 0 } rows ? metric.Compute(side.At(rows).Observations()).Value : null)];
    }
}
