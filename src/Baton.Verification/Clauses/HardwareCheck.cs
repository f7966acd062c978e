using System.Globalization;
using Baton.Contracts;
using Baton.Inference.Execution;
using Baton.Statistics;
using Baton.Verification.Load;

namespace Baton.Verification.Clauses;

/// <summary><c>hardware.NAME</c>: each bound of a clause on a named machine as a result of its own, <c>hardware.NAME.p95</c> and so on.</summary>
internal static class HardwareCheck
{
    private const double Mebibyte = 1 << 20;
    private const double MedianConfidence = 0.95;
    private const string NoEndpoint =
        "Tokens come from an endpoint that streams them, and a package has none. Measure the endpoint itself.";

    /// <summary>Name of the clause's result on some part, e.g. <c>hardware.web.p95</c>.</summary>
    public static string Name(HardwareClause clause, string part) => $"hardware.{clause.Name}.{part}";

    /// <summary>Every result of a clause without a measurement, in the order of the contract.</summary>
    /// <param name="clause">The clause.</param>
    /// <param name="why">Verdict and reason, by the result's name.</param>
    public static IEnumerable<ClauseResult> Unmeasured(HardwareClause clause, Func<string, (Verdict Verdict, string Reason)> why) =>
        Blanks(clause).Select(blank => Because(blank, why(blank.Name)));

    /// <summary>The results of a clause, in the order of the contract.</summary>
    /// <param name="clause">The clause.</param>
    /// <param name="measured">What was measured for it.</param>
    /// <param name="why">Verdict and reason of what was not, by the result's name.</param>
    public static IEnumerable<ClauseResult> Judge(HardwareClause clause, HardwareMeasurement measured, Func<string, (Verdict Verdict, string Reason)> why)
    {
        foreach (var blank in Blanks(clause))
        {
            yield return blank.Name[Name(clause, "").Length..] switch
            {
                "throughput" => measured.Throughput is { } load ? Throughput(blank, clause.MinRowsPerSecond!.Value, load) : Because(blank, why(blank.Name)),
                "memory" when measured is { Loaded: { } loaded } => MemoryCheck.Judge(new MemoryClause(clause.MaxMemory!.Value), measured.Empty, loaded) with
                {
                    Name = blank.Name,
                    Demanded = blank.Demanded,
                },
                "memory" when measured.Stopped is { } stopped => MemoryCheck.Judge(new MemoryClause(clause.MaxMemory!.Value), measured.Empty, stopped) with
                {
                    Name = blank.Name,
                    Demanded = blank.Demanded,
                },
                "gpu_memory" => Because(blank, (Verdict.NotRun, $"No memory of a GPU was used: the model ran on the execution provider {measured.Provider ?? "none"}.")),
                "cold_start" => measured.ColdStarts is { Count: > 0 } starts
                    ? ColdStart(blank, clause.MaxColdStart!.Value, starts, measured.ColdStartNoise)
                    : Because(blank, why(blank.Name)),
                "errors" => measured.Main is { } load ? Errors(blank, clause.MaxErrors!.Value, load) : Because(blank, why(blank.Name)),
                "batch" => measured.Batch is { } load ? Batch(blank, clause.Batch!, load) : Because(blank, why(blank.Name)),
                var part when part.Contains("token", StringComparison.Ordinal) => Because(blank, (Verdict.NotRun, NoEndpoint)),
                var part => measured.Main is { } load && clause.Latency.FirstOrDefault(b => PercentileFinding.Label(b.Percentile) == part) is { } bound
                    ? PercentileCheck.Judge(blank, load, bound)
                    : Because(blank, why(blank.Name)),
            };
        }
    }

    private static IEnumerable<ClauseResult> Blanks(HardwareClause clause) =>
    [
        .. clause.Latency.Select(b => Blank(clause, PercentileFinding.Label(b.Percentile), HardwareDemands.Of(clause, b), "ms", new Bound(Max: b.Max.TotalMilliseconds))),
        .. Part(clause, "throughput", "rows/s", clause.MinRowsPerSecond is { } rate ? new Bound(Min: rate) : null),
        .. Part(clause, "memory", "MiB", clause.MaxMemory is { } memory ? new Bound(Max: memory / Mebibyte) : null),
        .. Part(clause, "gpu_memory", "MiB", clause.MaxGpuMemory is { } gpu ? new Bound(Max: gpu / Mebibyte) : null),
        .. Part(clause, "cold_start", "ms", clause.MaxColdStart is { } time ? new Bound(Max: time.TotalMilliseconds) : null),
        .. Part(clause, "errors", "share of requests", clause.MaxErrors is { } share ? new Bound(Max: share) : null),
        .. Part(clause, "batch", "s", clause.Batch is { } batch ? new Bound(Max: batch.Within.TotalSeconds) : null),
        .. clause.FirstToken.Select(b => Token(clause, "first_token", b)),
        .. clause.PerToken.Select(b => Token(clause, "per_token", b)),
    ];

    private static ClauseResult Token(HardwareClause clause, string part, LatencyBound bound) => Blank(
        clause, $"{part}.{PercentileFinding.Label(bound.Percentile)}", HardwareDemands.OfTokens(clause, bound), "ms", new Bound(Max: bound.Max.TotalMilliseconds));

    private static ClauseResult[] Part(HardwareClause clause, string part, string unit, Bound? bound) =>
        bound is null ? [] : [Blank(clause, part, HardwareDemands.Of(clause, part), unit, bound)];

    private static ClauseResult Blank(HardwareClause clause, string part, string demanded, string unit, Bound bound) => new()
    {
        Name = Name(clause, part),
        Verdict = Verdict.NotRun,
        Evidence = EvidenceLevel.Measured,
        Demanded = demanded,
        Unit = unit,
        Bound = bound,
        Reason = "",
    };

    private static ClauseResult Because(ClauseResult blank, (Verdict Verdict, string Reason) why) => blank with { Verdict = why.Verdict, Reason = why.Reason };

    private static ClauseResult Throughput(ClauseResult blank, double min, LoadFindings load)
    {
        var rate = RateOf(load);
        var how = load.Plan.Scenario == LoadScenario.Offline ? "everything at once" : "one request after the other";
        var words = $"{Rows(rate.Estimate)} rows/s with {how}{Range(rate, Rows)}";
        return Decide(blank, load, rate, min, null, words, $"at least {Rows(min)} rows/s") with { Facts = PercentileCheck.Facts(load) };
    }

    private static ClauseResult Batch(ClauseResult blank, BatchDeadline deadline, LoadFindings load)
    {
        var rate = RateOf(load);
        double Time(double rowsPerSecond) => rowsPerSecond > 0 ? deadline.Rows / rowsPerSecond : double.PositiveInfinity;
        var time = new QuantileInterval(Time(rate.Estimate), rate.High is { } high ? Time(high) : null, rate.Low is { } low ? Time(low) : null, rate.Confidence);
        var measured = (load.Requests - load.Errors) * load.Plan.RowsSent;
        var words = $"{Phrases.Number(deadline.Rows)} rows would take {Seconds(time.Estimate)}{Range(time, Seconds)}, extrapolated from {Phrases.Number(measured)} rows";
        return Decide(blank, load, time, null, deadline.Within.TotalSeconds, words, $"within {Seconds(deadline.Within.TotalSeconds)}") with
        {
            Facts =
            [
                new Fact("extrapolated", $"measured on {Phrases.Number(measured)} rows, in batches of {Phrases.Number(load.Plan.RowsSent)}; the rest is assumed to go as fast"),
                .. PercentileCheck.Facts(load),
            ],
        };
    }

    private static ClauseResult ColdStart(ClauseResult blank, TimeSpan max, IReadOnlyList<TimeSpan> starts, IReadOnlyList<string> noise)
    {
        var time = LatencyQuantile.Interval(starts.Select(s => s.TotalMilliseconds), 50, MedianConfidence);
        var words = $"The first answer came {Phrases.Milliseconds(time.Estimate)} after the start of the process (median of {starts.Count} starts){Range(time, Phrases.Milliseconds)}";
        return Decide(blank, noise, time, null, max.TotalMilliseconds, words, $"within {Phrases.Milliseconds(max.TotalMilliseconds)}") with
        {
            Facts =
            [
                new Fact("starts", string.Join(", ", starts.Select(s => Phrases.Milliseconds(s.TotalMilliseconds)))),
                .. noise.Count > 0 ? [new Fact("noisy", $"{string.Join("; ", noise)}: the times are not exact")] : Array.Empty<Fact>(),
            ],
        };
    }

    private static ClauseResult Errors(ClauseResult blank, double max, LoadFindings load)
    {
        var (errors, requests) = (checked((int)load.Errors), checked((int)load.Requests));
        var (low, high) = Proportion.ClopperPearson(errors, requests, PercentileFinding.IntervalConfidence);
        // No number of requests shows that none ever fails: where none may, none must have.
        var outcome = max == 0 ? (errors == 0 ? BoundOutcome.Pass : BoundOutcome.Fail) : BoundVerdict.Decide(low, high, null, max);
        var more = outcome == BoundOutcome.Inconclusive ? Math.Max(1, LatencyQuantile.RequestsNeeded(100 * (1 - max), PercentileFinding.ClaimConfidence, errors) - requests) : 0;
        var words = $"{Phrases.Number(errors)} of {Phrases.Number(requests)} requests failed";
        var first = load.FirstError is { } error ? $" The first: {error.TrimEnd('.')}." : "";
        return blank with
        {
            Verdict = Of(outcome),
            Measured = (double)errors / requests,
            Interval = new Interval(low, high, PercentileFinding.IntervalConfidence),
            MoreNeeded = more > 0 ? new MoreNeeded(more, "requests") : null,
            Reason = outcome switch
            {
                BoundOutcome.Pass => $"{words}; {Phrases.Share(max)} may.",
                BoundOutcome.Fail => $"{words}, more than {Phrases.Share(max)}.{first}",
                _ => $"{words}: too few requests to tell whether more than {Phrases.Share(max)} fail. About {Phrases.Number(more)} more would likely tell.{first}",
            },
            Facts = PercentileCheck.Facts(load),
        };
    }

    /// <summary>Rows a second: the median of the blocks with its interval, or the whole where there are too few of them.</summary>
    private static QuantileInterval RateOf(LoadFindings load) => load.BlockRates.Count > 0
        ? LatencyQuantile.Interval(load.BlockRates, 50, MedianConfidence)
        : new QuantileInterval(load.RowsPerSecond, null, null, MedianConfidence);

    private static ClauseResult Decide(ClauseResult blank, LoadFindings load, QuantileInterval value, double? min, double? max, string words, string demand) =>
        Decide(blank, load.NoiseSigns, value, min, max, words, demand);

    /// <summary>An interval against a bound; what a noisy machine seems to miss is not called missed.</summary>
    private static ClauseResult Decide(ClauseResult blank, IReadOnlyList<string> noise, QuantileInterval value, double? min, double? max, string words, string demand)
    {
        var outcome = BoundVerdict.Decide(value.Low, value.High, min, max);
        var noisy = noise.Count > 0 ? $" The machine was noisy: {string.Join("; ", noise)}. Measure again on a quiet one." : "";
        return blank with
        {
            Verdict = outcome == BoundOutcome.Fail && noise.Count > 0 ? Verdict.Inconclusive : Of(outcome),
            Measured = double.IsFinite(value.Estimate) ? value.Estimate : null,
            Interval = value is { Low: { } low, High: { } high } && double.IsFinite(high) ? new Interval(low, high, value.Confidence) : null,
            Reason = outcome switch
            {
                BoundOutcome.Pass => $"{words}; demanded: {demand}.",
                BoundOutcome.Fail when noise.Count > 0 => $"{words}; demanded: {demand}, which noise may have made it miss.{noisy}",
                BoundOutcome.Fail => $"{words}; demanded: {demand}. Make the model smaller or faster, or agree on another bound.",
                _ when value.High is null || value.Low is null => $"{words}: too little was measured for an interval; demanded: {demand}.{noisy}",
                _ => $"{words}: the interval straddles what is demanded: {demand}.{noisy}",
            },
        };
    }

    private static Verdict Of(BoundOutcome outcome) => outcome switch
    {
        BoundOutcome.Pass => Verdict.Pass,
        BoundOutcome.Fail => Verdict.Fail,
        _ => Verdict.Inconclusive,
    };

    private static string Range(QuantileInterval value, Func<double, string> written) =>
        value is { Low: { } low, High: { } high } ? $", {written(low)} to {written(high)} ({Phrases.Confidence(value.Confidence)} interval)" : "";

    private static string Rows(double value) => value.ToString(value < 100 ? "0.#" : "N0", CultureInfo.InvariantCulture);

    private static string Seconds(double value) => double.IsFinite(value) ? value.ToString(value < 100 ? "0.##" : "N0", CultureInfo.InvariantCulture) + " s" : "for ever";
}
