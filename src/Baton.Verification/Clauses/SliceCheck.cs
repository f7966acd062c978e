using Baton.Contracts;
using Baton.Statistics;

namespace Baton.Verification.Clauses;

/// <summary><c>metrics.NAME.slices.COLUMN</c>: a metric keeps its bounds in every slice, decided so that all decisions hold together (Holm).</summary>
internal static class SliceCheck
{
    private const int Shown = 60;

    /// <summary>Name of the clause.</summary>
    public static string Name(MetricClause metric, SliceClause slice) => $"{MetricCheck.Name(metric)}.slices.{slice.Column}";

    /// <summary>Measures every slice and decides on those that have rows enough.</summary>
    /// <param name="clause">The metric's clause, for its confidence.</param>
    /// <param name="slice">The demand.</param>
    /// <param name="side">The candidate's rows and answers.</param>
    /// <param name="names">Slice of each row.</param>
    /// <param name="seed">Seed of the resamples.</param>
    public static ClauseResult Judge(MetricClause clause, SliceClause slice, MetricSide side, string[] names, ulong seed)
    {
        if (Metrics.Find(clause.Metric) is not { } metric)
            return Unmeasured(clause, slice, Verdict.NotRun, $"There is no metric {clause.Metric}.");
        if (side.Unfit is { } unfit)
            return Unmeasured(clause, slice, Verdict.Fail, unfit);
        if (metric.Compute(side.Observations()) is not { Value: { } overall })
            return Unmeasured(clause, slice, Verdict.NotRun, $"{metric.Name} cannot be computed on all rows; the clause {MetricCheck.Name(clause)} says why.");
        var bound = Effective(slice, metric, overall);
        var counts = names.CountBy(n => n).ToDictionary(StringComparer.Ordinal);
        var judged = Enumerable.Range(0, names.Length).Where(i => counts[names[i]] >= slice.MinRows).ToArray();
        IReadOnlyList<SliceValue> slices = judged.Length == 0 ? [] : Slices.Measure(
            metric, side.Observations().At(judged), [.. judged.Select(i => names[i])], side.At(judged).Units(metric), new SliceOptions
            {
                Min = bound.Min,
                Max = bound.Max,
                Confidence = clause.Confidence,
                MinSamples = slice.MinRows,
                Seed = seed,
                Threads = Environment.ProcessorCount,
            });
        var small = counts.Where(c => c.Value < slice.MinRows).OrderBy(c => c.Key, StringComparer.Ordinal).ToList();
        Fact[] facts =
        [
            new("all rows", Phrases.Metric(overall)),
            .. slices.Take(Shown).Select(s => new Fact(s.Name, Told(s, overall))),
            .. small.Take(Shown).Select(s => new Fact(s.Key, $"{Phrases.Count(s.Value, "row")}, too few to judge")),
        ];
        if (slices.Count == 0)
        {
            return Unmeasured(clause, slice, Verdict.Inconclusive, $"No slice of {slice.Column} has {slice.MinRows} rows; the largest has {counts.Values.Max()}.") with
            {
                Facts = facts,
                MoreNeeded = new MoreNeeded(slice.MinRows - counts.Values.Max(), "rows"),
            };
        }

        var failed = slices.Where(s => s.Outcome == BoundOutcome.Fail).ToList();
        var open = slices.Where(s => s.Outcome == BoundOutcome.Inconclusive).ToList();
        var worst = slices[0];
        return Unmeasured(clause, slice, failed.Count > 0 ? Verdict.Fail : open.Count > 0 ? Verdict.Inconclusive : Verdict.Pass, Reason(metric, slice, slices, failed, open, overall)) with
        {
            Measured = worst.Value is { } value ? (Reading)value : null,
            Interval = worst.Interval is { } interval ? new Interval(interval.Low, interval.High, interval.Confidence) : null,
            Bound = bound,
            MoreNeeded = failed.Count == 0 && open.Max(s => s.MoreUnits) is { } more and > 0 ? new MoreNeeded(more, clause.GroupBy ?? "rows") : null,
            Facts = facts,
            Series = [new Series("this version", [.. slices.Take(Shown).Select(s => s.Name)], [.. slices.Take(Shown).Select(s => s.Value)])],
        };
    }

    /// <summary>Nothing was measured.</summary>
    public static ClauseResult Unmeasured(MetricClause clause, SliceClause slice, Verdict verdict, string reason) =>
        Found.Unmeasured(Name(clause, slice), Demands.Of(slice), EvidenceLevel.ReExecuted, verdict, reason);

    // A gap is held against the value of all rows, which many slices make up and so moves far less than any of them.
    private static Bound Effective(SliceClause slice, Metric metric, double overall) => slice.MaxGap is not { } gap ? new Bound(slice.Min, slice.Max)
        : metric.GreaterIsBetter ? new Bound(Math.Max(slice.Min ?? double.NegativeInfinity, overall - gap), slice.Max)
        : new Bound(slice.Min, Math.Min(slice.Max ?? double.PositiveInfinity, overall + gap));

    private static string Told(SliceValue slice, double overall) =>
        (slice.Value is { } value ? $"{Phrases.Metric(value)} ({Phrases.Signed(value - overall)})" : "undefined")
        + (slice.Interval is { } interval ? $", {Phrases.Metric(interval.Low)} to {Phrases.Metric(interval.High)}" : "")
        + $", {Phrases.Count(slice.Rows, "row")}: {slice.Outcome.ToString().ToLowerInvariant()}{(slice.Reason is { } reason ? $", {reason}" : "")}";

    private static string Reason(Metric metric, SliceClause slice, IReadOnlyList<SliceValue> slices, List<SliceValue> failed, List<SliceValue> open, double overall)
    {
        var worst = $"The worst slice of {slice.Column} is {slices[0].Name} with {metric.Name} {(slices[0].Value is { } value ? Phrases.Metric(value) : "undefined")} (all rows {Phrases.Metric(overall)})";
        if (failed.Count > 0)
            return $"{worst}. {Phrases.Some([.. failed.Select(s => s.Name)])} {(failed.Count == 1 ? "breaks" : "break")} the bound.";
        if (open.Count == 0)
            return $"{worst}; all {Phrases.Count(slices.Count, "slice")} keep the bound.";
        var more = open.Max(s => s.MoreUnits);
        return $"{worst}. Undecided: {Phrases.Some([.. open.Select(s => s.Name)])}.{(more is > 0 ? $" About {Phrases.Number(more.Value)} more of such rows would likely tell." : "")}";
    }
}
