using Baton.Contracts;
using Baton.Statistics;
using Baton.Verification.Reference;

namespace Baton.Verification.Clauses;

/// <summary><c>metrics.NAME</c>: a metric of the model as it was run here keeps its bounds, as claimed, and against the version in production.</summary>
internal static class MetricCheck
{
    /// <summary>Name of a metric clause.</summary>
    public static string Name(MetricClause clause) => $"metrics.{clause.Metric}";

    /// <summary>Measures and decides.</summary>
    /// <param name="clause">The demand.</param>
    /// <param name="claimed">What the author reports; null where nothing.</param>
    /// <param name="stored">The answers that were handed over, for the same rows.</param>
    /// <param name="candidate">The candidate, run here.</param>
    /// <param name="production">The version in production, run here; null where there is none.</param>
    /// <param name="seed">Seed of the resamples.</param>
    public static ClauseResult Judge(MetricClause clause, double? claimed, Answers stored, MetricSide candidate, ProductionSide? production, ulong seed)
    {
        if (Metrics.Find(clause.Metric) is not { } metric)
            return Unmeasured(clause, claimed, Verdict.NotRun, $"There is no metric {clause.Metric}; there are {string.Join(", ", Metrics.Names)}.");
        if (candidate.Unfit is { } unfit)
            return Unmeasured(clause, claimed, Verdict.Fail, unfit);
        var observations = candidate.Observations();
        if (metric.Compute(observations) is { Value: null } undefined)
        {
            var unlike = IsOfTwoClasses(metric) && !candidate.Labels.All(l => l is 0 or 1);
            return Unmeasured(clause, claimed, unlike ? Verdict.Fail : Verdict.NotRun, $"{metric.Name} cannot be computed: {undefined.UndefinedBecause}.");
        }

        var value = metric.Compute(observations).Value!.Value;
        var draw = new Draw(metric, clause, candidate.Units(metric), seed);
        var claim = ClaimPart.Of(metric, claimed, stored, candidate);
        var bound = BoundPart.Of(clause, draw, observations, value);
        var against = ComparisonPart.Of(clause, draw, candidate, production);
        var others = new[] { AgainstPart.Claimed(clause, draw, bound.Interval, claimed), AgainstPart.Baseline(clause, draw, candidate) };
        Verdict[] parts = [claim.Verdict, bound.Verdict, against.Verdict, .. others.Select(o => o.Verdict)];
        var verdict = parts.Contains(Verdict.Fail) ? Verdict.Fail
            : parts.Contains(Verdict.NotRun) ? Verdict.NotRun
            : parts.Contains(Verdict.Inconclusive) ? Verdict.Inconclusive
            : Verdict.Pass;
        return Blank(clause, claimed) with
        {
            Verdict = verdict,
            Measured = value,
            Interval = bound.Interval,
            Comparison = against.Comparison,
            MoreNeeded = verdict == Verdict.Inconclusive ? More([bound.More, against.More, .. others.Select(o => o.More)], clause) : null,
            Reason = string.Join(" ", new[] { claim.Reason, bound.Reason, against.Reason }.Concat(others.Select(o => o.Reason)).Where(r => r.Length > 0)),
            Facts =
            [
                new Fact("rows", Phrases.Number(candidate.Ids.Length)),
                .. clause.GroupBy is null ? Array.Empty<Fact>() : [new Fact($"groups ({clause.GroupBy})", Phrases.Number(draw.Units.Count))],
                .. claim.Facts,
                .. against.Facts,
                .. others.SelectMany(o => o.Facts),
                .. CostFacts.Of(candidate),
            ],
            Series = [.. MetricByGroup.Series(metric, candidate, against.Paired), .. Curves.Of(candidate)],
        };
    }

    /// <summary>Nothing was measured: what was handed over does not hold (fail), or there is nothing to measure (not run).</summary>
    public static ClauseResult Unmeasured(MetricClause clause, double? claimed, Verdict verdict, string reason) =>
        Blank(clause, claimed) with { Verdict = verdict, Reason = reason };

    private static ClauseResult Blank(MetricClause clause, double? claimed) => new()
    {
        Name = Name(clause),
        Verdict = Verdict.NotRun,
        Evidence = EvidenceLevel.ReExecuted,
        Demanded = Demands.Of(clause),
        Claimed = claimed is { } number ? (Reading)number : null,
        Bound = clause.Min is null && clause.Max is null ? null : new Bound(clause.Min, clause.Max),
        Reason = "",
    };

    private static bool IsOfTwoClasses(Metric metric) => metric.Facts.Tasks is var tasks && tasks.StartsWith("binary", StringComparison.Ordinal)
        && !tasks.Contains("multiclass", StringComparison.Ordinal) && !tasks.Contains("ranking", StringComparison.Ordinal);

    private static MoreNeeded? More(long?[] counts, MetricClause clause) =>
        counts.Max() is { } more and > 0 ? new MoreNeeded(more, clause.GroupBy ?? "rows") : null;
}
