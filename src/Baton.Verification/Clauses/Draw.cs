using Baton.Contracts;
using Baton.Statistics;

namespace Baton.Verification.Clauses;

/// <summary>How the intervals of one metric clause are drawn.</summary>
/// <param name="Metric">The metric.</param>
/// <param name="Clause">The demand.</param>
/// <param name="Units">Rows or groups of the candidate.</param>
/// <param name="Seed">Seed of the resamples.</param>
internal sealed record Draw(Metric Metric, MetricClause Clause, ResamplingUnits Units, ulong Seed)
{
    /// <summary>Interval of the metric.</summary>
    public BootstrapResult Interval(Observations observations) => Widened(
        Bootstrap.Interval(Metric, observations, Units, Clause.Confidence, seed: Seed, threads: Environment.ProcessorCount));

    /// <summary>Interval of the difference, on rows that both versions predicted.</summary>
    public BootstrapResult Difference(MetricSide candidate, MetricSide production) => Bootstrap.PairedDifference(
        Metric, candidate.Observations(), production.Observations(), candidate.Units(Metric), Clause.Confidence, seed: Seed, threads: Environment.ProcessorCount);

    /// <summary>The interval in words, e.g. <c>95 % interval by date</c>.</summary>
    public string Words => $"{Phrases.Confidence(Clause.Confidence)} interval by {Clause.GroupBy ?? "row"}";

    /// <summary>Verdict of an interval against a bound.</summary>
    public static Verdict Decide(BootstrapInterval interval, Bound bound) => BoundVerdict.Decide(interval.Low, interval.High, bound.Min, bound.Max) switch
    {
        BoundOutcome.Pass => Verdict.Pass,
        BoundOutcome.Fail => Verdict.Fail,
        _ => Verdict.Inconclusive,
    };

    /// <summary>How many more rows or groups would likely decide; null where no number would.</summary>
    public static long? More(BootstrapInterval interval, Bound bound)
    {
        long most = 0;
        foreach (var end in new[] { bound.Min, bound.Max }.OfType<double>().Where(b => interval.Low < b && b < interval.High))
        {
            if (SampleSizing.MoreGroups(interval.Estimate, interval.Low, interval.High, end, interval.Units) is not { } more)
                return null;
            most = Math.Max(most, more);
        }

        return most;
    }

    /// <summary>What to do about an undecided interval, as a sentence.</summary>
    public string Advice(long? more) => more is { } count
        ? $"About {Phrases.Number(count)} more {Unit} would likely tell."
        : $"The estimate is so near the bound that no reasonable number of {Unit} would tell.";

    /// <summary>
    /// Resamples of faultless rows are faultless, however few there are, so the end of a share's range takes the exact interval of so many successes
    /// (or failures) in so many rows or groups instead: 5 right of 5 is 0.48 to 1, not 1 to 1.
    /// </summary>
    private BootstrapResult Widened(BootstrapResult result)
    {
        if (result.Interval is not { } interval || interval.Low != interval.High || Metric is not { Lowest: 0, Highest: 1 } || interval.Low is not (0 or 1))
            return result;
        var (low, high) = Proportion.ClopperPearson(interval.Low == 1 ? interval.Units : 0, interval.Units, interval.Confidence);
        return result with { Interval = interval with { Low = low, High = high } };
    }

    private string Unit => Clause.GroupBy switch
    {
        null => "rows",
        "date" or "day" => "days",
        var column => $"groups of rows (by {column})",
    };
}
