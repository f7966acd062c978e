using System.Globalization;
using Baton.Contracts;
using Baton.Statistics;
using Baton.Verification.Clauses;

namespace Baton.Verification.Load;

/// <summary>
/// A percentile of latencies against its bound. The interval's tails are 1 % each, so that it passes exactly where MLPerf's rule for early stopping
/// lets it be claimed with 99 % confidence: p95 from 90 requests without a miss, p99 from 459.
/// </summary>
/// <param name="Quantile">The percentile and its interval, ms.</param>
/// <param name="Verdict">The verdict.</param>
/// <param name="More">Requests that would likely decide, where it is inconclusive; 0 where more would not help.</param>
/// <param name="Reason">Why, and what to do.</param>
internal sealed record PercentileFinding(QuantileInterval Quantile, Verdict Verdict, long More, string Reason)
{
    /// <summary>Confidence of a claim, one-sided.</summary>
    public const double ClaimConfidence = 0.99;

    /// <summary>Confidence of the intervals, two-sided, whose either end can be claimed with <see cref="ClaimConfidence"/>.</summary>
    public const double IntervalConfidence = 0.98;

    /// <summary>Decides on a percentile.</summary>
    /// <param name="load">What the load found.</param>
    /// <param name="percentile">The percentile, above 0 and below 100.</param>
    /// <param name="max">Its bound.</param>
    public static PercentileFinding Of(LoadFindings load, double percentile, TimeSpan max)
    {
        var bound = max.TotalMilliseconds;
        var quantile = LatencyQuantile.Interval(load.Latencies, percentile, IntervalConfidence);
        var outcome = BoundVerdict.Decide(quantile.Low, quantile.High, min: null, bound);
        var verdict = outcome switch
        {
            BoundOutcome.Pass => Verdict.Pass,
            BoundOutcome.Fail when !load.IsNoisy => Verdict.Fail,
            _ => Verdict.Inconclusive,
        };
        var misses = load.Latencies.CountAbove(bound);
        var more = outcome is BoundOutcome.Pass or BoundOutcome.Fail
            ? 0
            : Math.Max(1, LatencyQuantile.RequestsNeeded(percentile, ClaimConfidence, checked((int)misses)) - load.Requests);
        return new PercentileFinding(quantile, verdict, more, Explain(load, percentile, bound, quantile, outcome, more));
    }

    /// <summary>The percentile's name, e.g. <c>p95</c>.</summary>
    public static string Label(double percentile) => string.Create(CultureInfo.InvariantCulture, $"p{percentile:0.###}");

    private static string Explain(LoadFindings load, double percentile, double bound, QuantileInterval quantile, BoundOutcome outcome, long more)
    {
        var words = double.IsFinite(quantile.Estimate)
            ? $"{Label(percentile)} is {Phrases.Milliseconds(quantile.Estimate)}{Range(quantile)}"
            : $"{Label(percentile)} has no value, because {Phrases.Number(load.Errors)} of {Phrases.Number(load.Requests)} requests had no good answer";
        var max = Phrases.Milliseconds(bound);
        var noise = load.IsNoisy ? $" The machine was noisy: {string.Join("; ", load.NoiseSigns)}. Measure again on a quiet one." : "";
        var failed = load.FirstError is { } error && outcome != BoundOutcome.Pass ? $" The first of {Phrases.Count(load.Errors, "failed request")}: {error.TrimEnd('.')}." : "";
        return outcome switch
        {
            BoundOutcome.Pass => $"{words}, within {max}.",
            BoundOutcome.Fail when load.IsNoisy => $"{words}, above {max}, which noise may have made.{noise}{failed}",
            BoundOutcome.Fail => $"{words}, above {max}. Make the model smaller or faster, or agree on another bound.{failed}",
            _ when quantile.High is null =>
                $"{words}: {Phrases.Count(load.Requests, "request")} cannot show it with {Phrases.Confidence(ClaimConfidence)} confidence; {Phrases.Number(more)} more would do.{noise}{failed}",
            _ => $"{words}: the interval straddles {max}. About {Phrases.Number(more)} more requests would likely tell.{noise}{failed}",
        };
    }

    private static string Range(QuantileInterval quantile) => quantile is { Low: { } low, High: { } high } && double.IsFinite(high)
        ? $", {Phrases.Milliseconds(low)} to {Phrases.Milliseconds(high)} ({Phrases.Confidence(IntervalConfidence)} interval)"
        : "";
}
