namespace Baton.Statistics;

/// <summary>A percentile with an interval from order statistics.</summary>
/// <param name="Estimate">The percentile of the sample: its smallest value that at least that share of the values does not exceed.</param>
/// <param name="Low">Lower end; null where the sample is too small to have one.</param>
/// <param name="High">Upper end; null where the sample is too small to have one.</param>
/// <param name="Confidence">Two-sided confidence, 0 to 1.</param>
public sealed record QuantileInterval(double Estimate, double? Low, double? High, double Confidence);

/// <summary>Percentiles of latencies. Nothing is assumed of their distribution: which ranks enclose a percentile is coin tossing.</summary>
public static class LatencyQuantile
{
    private const int MostRequests = 100_000_000;

    /// <summary>Interval of a percentile from independent latencies, in their unit.</summary>
    /// <param name="latencies">The latencies, in any order; at least one.</param>
    /// <param name="percentile">The percentile, above 0 and below 100.</param>
    /// <param name="confidence">Two-sided confidence, above 0 and below 1.</param>
    public static QuantileInterval Interval(IEnumerable<double> latencies, double percentile, double confidence = 0.95)
    {
        var sorted = latencies.Order().ToArray();
        return Interval(sorted.Length, rank => sorted[rank - 1], percentile, confidence);
    }

    /// <summary>Interval of a percentile from a histogram; an end that falls among the infinite latencies is infinite.</summary>
    /// <param name="latencies">The latencies; at least one.</param>
    /// <param name="percentile">The percentile, above 0 and below 100.</param>
    /// <param name="confidence">Two-sided confidence, above 0 and below 1.</param>
    public static QuantileInterval Interval(LatencyHistogram latencies, double percentile, double confidence = 0.95) =>
        Interval(checked((int)latencies.Count), rank => latencies.AtRank(rank), percentile, confidence);

    private static QuantileInterval Interval(int count, Func<int, double> atRank, double percentile, double confidence)
    {
        if (count == 0)
            throw new ArgumentException("There is no latency; a percentile needs at least one.");
        var share = Share(percentile);
        var tail = Tail(confidence) / 2;

        // The percentile lies at or above rank r unless fewer than r values fall below it, at or under rank r unless r or more do.
        var ranks = new Binomial(count, share);
        var lowRank = Last(count, rank => ranks.AtMost(rank - 1) <= tail);
        var highRank = Last(count, rank => ranks.AtMost(rank - 1) < 1 - tail) + 1;
        return new QuantileInterval(
            atRank(Math.Clamp((int)Math.Ceiling(Math.Round(share * count, 9)), 1, count)),
            lowRank >= 1 ? atRank(lowRank) : null,
            highRank <= count ? atRank(highRank) : null,
            confidence);
    }

    /// <summary>
    /// The least number of requests from which a percentile can be claimed to keep a bound when some of them exceeded it:
    /// were the percentile above the bound, so few misses would be seen with a chance of at most one less the confidence.
    /// </summary>
    /// <param name="percentile">The percentile, above 0 and below 100.</param>
    /// <param name="confidence">One-sided confidence, above 0 and below 1.</param>
    /// <param name="misses">Requests over the bound.</param>
    public static int RequestsNeeded(double percentile, double confidence, int misses)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(misses);
        var chance = Share(100 - percentile);
        var tail = Tail(confidence);
        var enough = misses + 1;
        while (new Binomial(enough, chance).AtMost(misses) > tail)
            enough = checked(enough * 2);
        return Last(enough, n => new Binomial(n, chance).AtMost(misses) > tail) + 1;
    }

    /// <summary>How many more requests would likely let a percentile be claimed, were as large a share of them to miss the bound as did so far.</summary>
    /// <param name="requests">Requests so far, at least one.</param>
    /// <param name="misses">How many of them exceeded the bound.</param>
    /// <param name="percentile">The percentile, above 0 and below 100.</param>
    /// <param name="confidence">One-sided confidence, above 0 and below 1.</param>
    /// <returns>0 where it can be claimed already; null where too many miss, or fewer than 100 million requests would not do.</returns>
    public static int? MoreRequests(int requests, int misses, double percentile, double confidence = 0.99)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(requests, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(misses);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(misses, requests);
        var (chance, tail) = (Share(100 - percentile), Tail(confidence));
        if (Enough(requests))
            return 0;
        if (misses >= chance * requests)
            return null;
        var most = requests;
        while (!Enough(most))
        {
            if (most > MostRequests / 2)
                return null;
            most *= 2;
        }

        return Last(most, n => n <= requests || !Enough(n)) + 1 - requests;

        bool Enough(int n) => new Binomial(n, chance).AtMost((int)Math.Ceiling((double)misses * n / requests)) <= tail;
    }

    /// <summary>The greatest number up to <paramref name="most"/> for which a condition holds that holds up to there and not beyond; 0 for none.</summary>
    private static int Last(int most, Func<int, bool> holds)
    {
        var (holding, failing) = (0, most + 1);
        while (failing - holding > 1)
        {
            var middle = holding + ((failing - holding) / 2);
            if (holds(middle))
                holding = middle;
            else
                failing = middle;
        }

        return holding;
    }

    private static double Share(double percentile) => percentile is > 0 and < 100
        ? percentile / 100
        : throw new ArgumentOutOfRangeException(nameof(percentile), percentile, "A percentile lies between 0 and 100, e.g. 95.");

    private static double Tail(double confidence) => confidence is > 0 and < 1
        ? 1 - confidence
        : throw new ArgumentOutOfRangeException(nameof(confidence), confidence, "A confidence lies between 0 and 1, e.g. 0.95.");
}
