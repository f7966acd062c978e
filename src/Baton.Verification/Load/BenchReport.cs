using Baton.Contracts;
using Baton.Inference.Execution;
using Baton.Statistics;

namespace Baton.Verification.Load;

/// <summary>What a bench found. Times are milliseconds.</summary>
public sealed record BenchReport
{
    private const int Bars = 24;
    private static readonly double[] Shown = [50, 90, 95, 99, 99.9];

    /// <summary>What was put under load.</summary>
    public required string Target { get; init; }

    /// <summary>What answered: a runtime, or a protocol.</summary>
    public required string AnsweredBy { get; init; }

    /// <summary>Where the rows came from.</summary>
    public required string Inputs { get; init; }

    /// <summary>How requests came.</summary>
    public required LoadScenario Scenario { get; init; }

    /// <summary>Planned arrival rate, requests a second; null but in the scenario <c>server</c>.</summary>
    public double? Load { get; init; }

    /// <summary>Rows in one request.</summary>
    public required int RowsPerRequest { get; init; }

    /// <summary>Requests, failed ones included; without the warm-up.</summary>
    public required long Requests { get; init; }

    /// <summary>Requests without a good answer; each counts as slower than any bound.</summary>
    public required long Errors { get; init; }

    /// <summary>What was wrong with the first of them.</summary>
    public string? FirstError { get; init; }

    /// <summary>Length of the load.</summary>
    public required double Seconds { get; init; }

    /// <summary>Good answers a second.</summary>
    public required double RequestsPerSecond { get; init; }

    /// <summary>Rows answered a second.</summary>
    public required double RowsPerSecond { get; init; }

    /// <summary>Calls before the clock started.</summary>
    public required int WarmUpCalls { get; init; }

    /// <summary>Requests that could be under way at once.</summary>
    public required int Streams { get; init; }

    /// <summary>Percentiles of the latency with their intervals.</summary>
    public required IReadOnlyList<BenchPercentile> Percentiles { get; init; }

    /// <summary>The latencies in bars of equal width on a logarithmic scale.</summary>
    public required IReadOnlyList<BenchBar> Histogram { get; init; }

    /// <summary>From the start of the process to the first answer; null for an endpoint.</summary>
    public double? ColdStartMilliseconds { get; init; }

    /// <summary>Peak memory above the empty process, bytes; null for an endpoint.</summary>
    public long? PeakMemoryBytes { get; init; }

    /// <summary>What else the machine did meanwhile.</summary>
    public required string MachineMeanwhile { get; init; }

    /// <summary>Why the times are noisy and not exact; empty for a quiet machine.</summary>
    public required IReadOnlyList<string> Noise { get; init; }

    /// <summary>The machine that the load came from, and that a model ran on.</summary>
    public required Machine Machine { get; init; }

    internal static BenchReport Of(BenchRequest request, LoadFindings load, string answeredBy, string inputs, Machine machine) => new()
    {
        Target = request.Target,
        AnsweredBy = answeredBy,
        Inputs = inputs,
        Scenario = request.Scenario,
        Load = request.Scenario == LoadScenario.Server ? request.RequestsPerSecond : null,
        RowsPerRequest = load.Plan.RowsSent,
        Requests = load.Requests,
        Errors = load.Errors,
        FirstError = load.FirstError,
        Seconds = load.Seconds,
        RequestsPerSecond = load.RowsPerSecond / load.Plan.RowsSent,
        RowsPerSecond = load.RowsPerSecond,
        WarmUpCalls = load.WarmUpCalls,
        Streams = load.Streams,
        Percentiles = [.. Shown.Select(p => BenchPercentile.Of(load.Latencies, p))],
        Histogram = [.. load.Latencies.Bars(Bars).Select(b => new BenchBar(b.Low, b.High, b.Count))],
        MachineMeanwhile = load.Noise.Words,
        Noise = load.NoiseSigns,
        Machine = machine,
    };
}

/// <summary>A percentile of a bench. What has no value (too few requests, or too many that failed) is null.</summary>
/// <param name="Percentile">E.g. 95.</param>
/// <param name="Milliseconds">The percentile of the requests that were made.</param>
/// <param name="Low">Lower end of its interval.</param>
/// <param name="High">Upper end: what can be claimed; null where the requests are too few to claim anything.</param>
/// <param name="Confidence">Two-sided confidence of the interval.</param>
/// <param name="MoreRequests">Requests without a miss that would be needed beside these; 0 where they are enough.</param>
public sealed record BenchPercentile(double Percentile, double? Milliseconds, double? Low, double? High, double Confidence, long MoreRequests)
{
    internal static BenchPercentile Of(LatencyHistogram latencies, double percentile)
    {
        var quantile = LatencyQuantile.Interval(latencies, percentile, PercentileFinding.IntervalConfidence);
        var needed = LatencyQuantile.RequestsNeeded(percentile, PercentileFinding.ClaimConfidence, misses: 0);
        return new BenchPercentile(
            percentile, Finite(quantile.Estimate), Finite(quantile.Low), Finite(quantile.High), PercentileFinding.IntervalConfidence, Math.Max(0, needed - latencies.Count));
    }

    private static double? Finite(double? value) => value is { } number && double.IsFinite(number) ? number : null;
}

/// <summary>A bar of a histogram of latencies.</summary>
/// <param name="Low">Its lower edge, milliseconds.</param>
/// <param name="High">Its upper edge, milliseconds.</param>
/// <param name="Count">Requests in it.</param>
public sealed record BenchBar(double Low, double High, long Count);
