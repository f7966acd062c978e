namespace Baton.Statistics;

/// <summary>Whether a candidate is at most so much worse than the version in production.</summary>
/// <param name="Outcome">Pass: with the confidence asked for it is no worse than the margin; fail: it is worse.</param>
/// <param name="Difference">Interval of candidate less production; null where there is none.</param>
/// <param name="Reason">Why it is inconclusive; null where it is not.</param>
/// <param name="MoreUnits">How many more rows or groups would likely decide; 0 where it is decided, null where that cannot be told.</param>
public sealed record NonInferiority(BoundOutcome Outcome, BootstrapInterval? Difference, string? Reason, long? MoreUnits)
{
    /// <summary>Decides on the paired difference: an interval wholly on the good side of the margin passes, wholly on the bad side fails.</summary>
    /// <param name="metric">The metric; its direction says which side is good.</param>
    /// <param name="difference">What <see cref="Bootstrap.PairedDifference"/> found, candidate less production.</param>
    /// <param name="margin">How much worse is still accepted, 0 or more, in units of the metric.</param>
    public static NonInferiority Decide(Metric metric, BootstrapResult difference, double margin)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(margin);
        if (difference.Interval is not { } interval)
            return new NonInferiority(BoundOutcome.Inconclusive, null, difference.UndefinedBecause, null);
        double? min = metric.GreaterIsBetter ? 0 - margin : null;
        double? max = metric.GreaterIsBetter ? null : margin;
        var outcome = BoundVerdict.Decide(interval.Low, interval.High, min, max);
        return outcome == BoundOutcome.Inconclusive
            ? new NonInferiority(outcome, interval, "the interval of the difference straddles the margin", SampleSizing.MoreUnits(interval, min, max))
            : new NonInferiority(outcome, interval, null, 0);
    }
}
