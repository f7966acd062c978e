using System.Globalization;
using Baton.Contracts;
using Baton.Inference.Execution;
using Baton.Statistics;
using Baton.Verification.Load;

namespace Baton.Verification.Clauses;

/// <summary>A percentile of a load's latencies as a clause's result: verdict, interval, facts of the load, quantiles to draw.</summary>
internal static class PercentileCheck
{
    private static readonly double[] Drawn = [50, 75, 90, 95, 99];

    /// <summary>Fills a clause's result.</summary>
    /// <param name="blank">Name and demand.</param>
    /// <param name="load">What the load found.</param>
    /// <param name="bound">The percentile and its bound.</param>
    public static ClauseResult Judge(ClauseResult blank, LoadFindings load, LatencyBound bound)
    {
        var finding = PercentileFinding.Of(load, bound.Percentile, bound.Max);
        var quantile = finding.Quantile;
        return blank with
        {
            Verdict = finding.Verdict,
            Measured = double.IsFinite(quantile.Estimate) ? quantile.Estimate : null,
            Interval = quantile is { Low: { } low, High: { } high } && double.IsFinite(high) ? new Interval(low, high, PercentileFinding.IntervalConfidence) : null,
            MoreNeeded = finding.More > 0 ? new MoreNeeded(finding.More, "requests") : null,
            Reason = finding.Reason,
            Facts = Facts(load),
            Series = [Quantiles(load, bound.Percentile), Histogram(load)],
        };
    }

    /// <summary>What is to be known of a load beside its numbers.</summary>
    public static IReadOnlyList<Fact> Facts(LoadFindings load) =>
    [
        new("requests", Phrases.Number(load.Requests)),
        .. load.Errors > 0 ? [new Fact("failed requests", $"{Phrases.Number(load.Errors)}, counted as slower than any bound; the first: {load.FirstError}")] : Array.Empty<Fact>(),
        new("load", Arrivals(load.Plan)),
        new("rows a request", Phrases.Number(load.Plan.RowsSent)),
        new("threads", Phrases.Number(load.Streams)),
        new("warm-up", $"{Phrases.Count(load.WarmUpCalls, "call")} before the clock started"),
        new("machine meanwhile", load.Noise.Words),
        .. load.BlockMedians.Count > 1 ? [new Fact("spread", string.Create(CultureInfo.InvariantCulture, $"the medians of {load.BlockMedians.Count} blocks of requests differ by {load.Spread * 100:0} %"))] : Array.Empty<Fact>(),
        .. load.IsNoisy ? [new Fact("noisy", $"{string.Join("; ", load.NoiseSigns)}: the times are not exact")] : Array.Empty<Fact>(),
    ];

    private static string Arrivals(BenchPlan plan) => plan.Scenario switch
    {
        LoadScenario.Server => string.Create(CultureInfo.InvariantCulture, $"{plan.RequestsPerSecond:0.###} requests/s, Poisson arrivals"),
        LoadScenario.SingleStream => "one request after the other",
        LoadScenario.MultiStream => $"{BenchPlan.SamplesPerQuery} samples a query, one query after the other",
        _ => "everything at once",
    };

    private static Series Quantiles(LoadFindings load, double percentile)
    {
        var drawn = Drawn.Append(percentile).Distinct().Order().ToList();
        return new Series(
            "this version",
            [.. drawn.Select(PercentileFinding.Label)],
            [.. drawn.Select(p => Finite(LatencyQuantile.Interval(load.Latencies, p, PercentileFinding.IntervalConfidence).Estimate))]);
    }

    private static Series Histogram(LoadFindings load)
    {
        var bars = load.Latencies.Bars(24);
        return new Series(
            "histogram",
            [.. bars.Select(b => string.Create(CultureInfo.InvariantCulture, $"{b.Low:G3}–{b.High:G3} ms"))],
            [.. bars.Select(b => (double?)b.Count)]);
    }

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
