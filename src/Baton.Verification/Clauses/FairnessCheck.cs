using Baton.Contracts;
using Baton.Statistics;

namespace Baton.Verification.Clauses;

/// <summary><c>fairness.COLUMN.MEASURE</c>: how differently the groups of a sensitive column are treated, by Fairlearn's measures.</summary>
internal static class FairnessCheck
{
    private const double Confidence = 0.95;

    /// <summary>Name of a measure's clause.</summary>
    public static string Name(FairnessClause clause, string measure) => $"fairness.{clause.Column}.{measure}";

    /// <summary>Measures and decides on the interval.</summary>
    /// <param name="clause">The demand.</param>
    /// <param name="measure">Which of its measures.</param>
    /// <param name="demanded">The demand in words.</param>
    /// <param name="side">The candidate's rows and answers.</param>
    /// <param name="groups">Group of each row.</param>
    /// <param name="seed">Seed of the resamples.</param>
    public static ClauseResult Judge(FairnessClause clause, string measure, string demanded, MetricSide side, string[] groups, ulong seed)
    {
        ClauseResult Of(Verdict verdict, string reason) => Found.Unmeasured(Name(clause, measure), demanded, EvidenceLevel.ReExecuted, verdict, reason);
        if (side.Unfit is { } unfit)
            return Of(Verdict.Fail, unfit);
        var counts = groups.CountBy(g => g).OrderBy(c => c.Key, StringComparer.Ordinal).ToList();
        var large = counts.Where(c => c.Value >= clause.MinRows).Select(c => c.Key).ToHashSet(StringComparer.Ordinal);
        var judged = Enumerable.Range(0, groups.Length).Where(i => large.Contains(groups[i])).ToArray();
        Fact[] facts = [.. counts.Select(c => new Fact(c.Key, Phrases.Count(c.Value, "row") + (large.Contains(c.Key) ? "" : ", too few to judge")))];
        if (large.Count < 2)
            return Of(Verdict.Inconclusive, $"Fewer than two groups of {clause.Column} have {clause.MinRows} rows, so there is no difference to measure. Hand over more rows.") with { Facts = facts };
        var metric = Metrics.Find(measure)!;
        var rows = side.At(judged);
        var observations = new Observations(rows.Labels, rows.Answers.Scores, rows.Answers.Predictions?.Numbers, rows.Answers.ClassScores, rows.Weights)
        {
            Sensitive = [.. judged.Select(i => groups[i])],
        };
        var found = metric.Compute(observations);
        if (found.Value is not { } value)
            return Of(Verdict.NotRun, $"{measure} cannot be computed: {found.UndefinedBecause}.") with { Facts = facts };
        var greater = FairnessClause.Measures.First(m => m.Name == measure).GreaterIsBetter;
        var bound = greater ? new Bound(Min: clause.Bounds[measure]) : new Bound(Max: clause.Bounds[measure]);
        var result = Bootstrap.Interval(metric, observations, ResamplingUnits.ByRow(judged.Length), Confidence, seed: seed, threads: Environment.ProcessorCount);
        facts = [.. facts, .. Rates(observations, judged, groups)];
        if (result.Interval is not { } interval)
            return Of(Verdict.Inconclusive, $"{measure} is {Phrases.Metric(value)}, and has no interval to decide on: {result.UndefinedBecause}.") with { Measured = value, Bound = bound, Facts = facts };
        var verdict = Draw.Decide(interval, bound);
        var more = verdict == Verdict.Inconclusive ? Draw.More(interval, bound) : null;
        var words = $"{measure} between the groups of {clause.Column} is {Phrases.Metric(value)}, {Phrases.Metric(interval.Low)} to {Phrases.Metric(interval.High)} ({Phrases.Confidence(Confidence)} interval by row)";
        return Of(verdict, verdict switch
        {
            Verdict.Pass => $"{words}, within {Phrases.Bound(clause.Bounds[measure])}.",
            Verdict.Fail => $"{words}: that breaks {(greater ? "at least" : "at most")} {Phrases.Bound(clause.Bounds[measure])}.",
            _ => $"{words}: the interval straddles {Phrases.Bound(clause.Bounds[measure])}.{(more is > 0 ? $" About {Phrases.Number(more.Value)} more rows would likely tell." : "")}",
        }) with
        {
            Measured = value,
            Interval = new Interval(interval.Low, interval.High, Confidence),
            Bound = bound,
            MoreNeeded = more is > 0 ? new MoreNeeded(more.Value, "rows") : null,
            Facts = facts,
        };
    }

    private static IEnumerable<Fact> Rates(Observations observations, int[] judged, string[] groups)
    {
        var metric = Metrics.Find("positive_rate")!;
        foreach (var group in Enumerable.Range(0, judged.Length).GroupBy(i => groups[judged[i]]).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            if (metric.Compute(observations.At([.. group])).Value is { } rate)
                yield return new Fact($"predicted positive: {group.Key}", Phrases.Share(rate));
        }
    }
}
