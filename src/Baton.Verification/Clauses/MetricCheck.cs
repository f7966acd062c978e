using System.Globalization;
using Baton.Contracts;
using Baton.Statistics;
using Baton.Verification.Reference;

namespace Baton.Verification.Clauses;

/// <summary><c>metrics.NAME</c>: a metric of the model as it was run here keeps its bounds, as claimed, and against the version in production.</summary>
internal static class MetricCheck
{
    private const double ClaimTolerance = 1e-6;

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
            var known = IsRegression(metric) || candidate.Labels.All(l => l is 0 or 1);
            return Unmeasured(clause, claimed, known ? Verdict.NotRun : Verdict.Fail, $"{metric.Name} cannot be computed: {undefined.UndefinedBecause}.");
        }

        var value = metric.Compute(observations).Value!.Value;
        var draw = new Draw(metric, clause, candidate.Units(), seed);
        var claim = ClaimPart.Of(metric, claimed, stored, candidate.Labels);
        var bound = BoundPart.Of(clause, draw, observations, value);
        var against = ComparisonPart.Of(clause, draw, candidate, production);
        var parts = new[] { claim.Verdict, bound.Verdict, against.Verdict };
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
            MoreNeeded = verdict == Verdict.Inconclusive ? More(bound, against, clause) : null,
            Reason = string.Join(" ", new[] { claim.Reason, bound.Reason, against.Reason }.Where(r => r.Length > 0)),
            Facts =
            [
                new Fact("rows", Phrases.Number(candidate.Ids.Length)),
                .. clause.GroupBy is null ? Array.Empty<Fact>() : [new Fact($"groups ({clause.GroupBy})", Phrases.Number(draw.Units.Count))],
                .. claim.Facts,
                .. against.Facts,
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

    private static bool IsRegression(Metric metric) => metric.Name is "mean_absolute_error" or "root_mean_squared_error" or "r2";

    private static MoreNeeded? More(BoundPart bound, ComparisonPart against, MetricClause clause) =>
        new[] { bound.More, against.More }.Max() is { } more and > 0 ? new MoreNeeded(more, clause.GroupBy ?? "rows") : null;

    /// <summary>Whether the claimed value follows from the predictions that were handed over.</summary>
    private sealed record ClaimPart(Verdict Verdict, string Reason, IReadOnlyList<Fact> Facts)
    {
        public static ClaimPart Of(Metric metric, double? claimed, Answers stored, double[] labels)
        {
            if (claimed is not { } said)
                return new(Verdict.Pass, "", [new Fact("claimed", "the author reports no value of this metric")]);
            MetricValue replayed;
            try
            {
                replayed = stored.Scores is null && stored.Predictions?.Numbers is null
                    ? MetricValue.Undefined("the reference predictions hold no scores to replay the claim from; hand over the scores")
                    : metric.Compute(new Observations(labels, stored.Scores, stored.Predictions?.Numbers));
            }
            catch (ArgumentException e)
            {
                replayed = MetricValue.Undefined(e.Message);
            }

            // What nobody can check must not pass for what was checked.
            if (replayed.Value is not { } value)
                return new(Verdict.Inconclusive, $"The claimed {Phrases.Metric(said)} could not be replayed: {replayed.UndefinedBecause?.TrimEnd('.')}.", []);
            var agrees = Math.Abs(said - value) <= Math.Max(ClaimTolerance * Math.Max(1, Math.Abs(value)), Rounding(said));
            var fact = new Fact("replayed", $"{Phrases.Metric(value)} from the predictions that were handed over");
            return agrees
                ? new(Verdict.Pass, "", [fact])
                : new(Verdict.Fail, $"Claimed {Told(said, value)}, but the predictions that were handed over give {Told(value, said)}.", [fact]);
        }

        // Authors report 0.6534 or 0.650: a claim is held to the decimals it has, and to three at least (a double has lost its last noughts).
        private static double Rounding(double said)
        {
            var text = said.ToString("R", CultureInfo.InvariantCulture);
            var decimals = text.Contains('E') ? 17 : text.IndexOf('.') is >= 0 and var point ? text.Length - point - 1 : 0;
            return 0.5 * Math.Pow(10, -Math.Max(3, decimals));
        }

        // As many digits as it takes to tell the two apart.
        private static string Told(double value, double other) =>
            Phrases.Metric(value) != Phrases.Metric(other) ? Phrases.Metric(value) : value.ToString("G9", CultureInfo.InvariantCulture);
    }
}
