namespace Baton.Statistics;

/// <summary>How slices are measured.</summary>
public sealed record SliceOptions
{
    /// <summary>At least this, in every slice; null for no bound.</summary>
    public double? Min { get; init; }

    /// <summary>At most this, in every slice; null for no bound.</summary>
    public double? Max { get; init; }

    /// <summary>Confidence that all decisions hold together, above 0 and below 1.</summary>
    public double Confidence { get; init; } = 0.95;

    /// <summary>A slice of fewer rows is inconclusive.</summary>
    public int MinSamples { get; init; } = 30;

    /// <summary>Least number of resamples; more are drawn where the tails of many slices need them.</summary>
    public int Resamples { get; init; } = Bootstrap.DefaultResamples;

    /// <summary>Seed; the same seed gives the same intervals.</summary>
    public ulong Seed { get; init; } = Bootstrap.DefaultSeed;

    /// <summary>Threads to use; the result does not depend on it.</summary>
    public int Threads { get; init; } = 1;
}

/// <summary>A metric in a slice.</summary>
/// <param name="Name">Value of the slicing column.</param>
/// <param name="Rows">Rows of the slice.</param>
/// <param name="Value">The metric; null where it is undefined.</param>
/// <param name="Gap">Value less that of all rows; null where either is undefined.</param>
/// <param name="Interval">Interval at the confidence that Holm's step leaves for this slice; null where there is none.</param>
/// <param name="Outcome">Whether the slice keeps the bounds.</param>
/// <param name="Reason">Why it is inconclusive; null where it is not.</param>
/// <param name="MoreUnits">How many more rows or groups of the slice would likely decide; null where that cannot be told.</param>
public sealed record SliceValue(
    string Name, int Rows, double? Value, double? Gap, BootstrapInterval? Interval, BoundOutcome Outcome, string? Reason, long? MoreUnits);

/// <summary>A metric of every slice of the rows.</summary>
public static class Slices
{
    private const int MostResamples = 20_000;

    /// <summary>Resamples beyond each end of the widest interval.</summary>
    private const int InTail = 5;

    /// <summary>
    /// Measures each slice and decides its bounds so that with the confidence asked for no decision is wrong, by Holm's steps: the clearest of m slices is
    /// decided at a confidence of 1 − α / m, the next at 1 − α / (m − 1), until the first that stays undecided; from there on all are. Without a bound
    /// there is nothing to order them by, and all intervals are at 1 − α / m.
    /// </summary>
    /// <param name="metric">The metric.</param>
    /// <param name="observations">The rows.</param>
    /// <param name="sliceOfRow">Slice of each row, by name.</param>
    /// <param name="units">What is drawn: rows or groups of the same rows.</param>
    /// <param name="options">Bounds, confidence, least number of rows.</param>
    /// <returns>The slices, the worst first.</returns>
    public static IReadOnlyList<SliceValue> Measure(
        Metric metric, Observations observations, IReadOnlyList<string> sliceOfRow, ResamplingUnits units, SliceOptions options)
    {
        if (sliceOfRow.Count != observations.Count)
            throw new ArgumentException($"There are slices of {sliceOfRow.Count} rows for {observations.Count} rows.", nameof(sliceOfRow));
        Bootstrap.Check(observations, units, options.Confidence, options.Resamples);
        var places = Enumerable.Range(0, sliceOfRow.Count).GroupBy(row => sliceOfRow[row]).Select(slice => (slice.Key, Rows: slice.ToArray())).ToList();
        var resamples = Math.Clamp((int)Math.Ceiling(2 * InTail * places.Count / (1 - options.Confidence)), options.Resamples, Math.Max(options.Resamples, MostResamples));
        var whole = metric.Compute(observations).Value;
        var slices = places.Select(place => Drawn(metric, observations, place.Key, place.Rows, units, resamples, options)).ToList();
        return [.. Decided(slices, whole, options).OrderBy(s => s.Value is not { } value ? double.PositiveInfinity : metric.GreaterIsBetter ? value : -value).ThenBy(s => s.Name, StringComparer.Ordinal)];
    }

    private static IEnumerable<SliceValue> Decided(List<Slice> slices, double? whole, SliceOptions options)
    {
        var (bounded, held) = (options.Min is not null || options.Max is not null, false);
        foreach (var (step, slice) in slices.OrderBy(s => PValue(s, options)).Index())
        {
            var confidence = 1 - ((1 - options.Confidence) / (slices.Count - (bounded ? step : 0)));
            var interval = slice.Sample?.Interval(confidence, BootstrapMethod.Percentile).Interval;
            var outcome = interval is null ? BoundOutcome.Inconclusive : BoundVerdict.Decide(interval.Low, interval.High, options.Min, options.Max);
            var reason = slice.Reason;
            if (reason is null && outcome == BoundOutcome.Inconclusive)
                reason = "the interval straddles a bound";
            else if (reason is null && held)
                (outcome, reason) = (BoundOutcome.Inconclusive, "a clearer slice is undecided, and so many slices allow no more decisions");
            held |= outcome == BoundOutcome.Inconclusive;
            yield return new SliceValue(slice.Name, slice.Rows, slice.Value, slice.Value - whole, interval, outcome, reason, More(slice, interval, outcome, options));
        }
    }

    private static Slice Drawn(
        Metric metric, Observations observations, string name, int[] rows, ResamplingUnits units, int resamples, SliceOptions options)
    {
        var slice = observations.At(rows);
        var drawnFrom = units.ByRows ? ResamplingUnits.ByRow(rows.Length) : ResamplingUnits.ByGroup(rows.Select(units.UnitOf));
        var whole = metric.Compute(slice);
        if (rows.Length < options.MinSamples)
            return new Slice(name, rows.Length, whole.Value, null, $"there are {rows.Length} rows, and {options.MinSamples} are needed", drawnFrom.Count);
        var (sample, without) = Bootstrap.Draw(whole, metric.Prepare(slice, drawnFrom), drawnFrom.Count, resamples, options.Seed, options.Threads);
        return new Slice(name, rows.Length, whole.Value, sample, without?.UndefinedBecause, drawnFrom.Count);
    }

    /// <summary>Of the bound that is nearest; what cannot be measured comes last.</summary>
    private static double PValue(Slice slice, SliceOptions options) => slice.Sample is { } sample
        ? new[] { options.Min, options.Max }.OfType<double>().Select(sample.PValue).DefaultIfEmpty(1).Max()
        : 2;

    private static long? More(Slice slice, BootstrapInterval? interval, BoundOutcome outcome, SliceOptions options)
    {
        if (outcome != BoundOutcome.Inconclusive)
            return 0;
        if (interval is null)
            return slice.Rows < options.MinSamples ? (long)Math.Ceiling((options.MinSamples - slice.Rows) * (double)slice.Units / slice.Rows) : null;
        return SampleSizing.MoreUnits(interval, options.Min, options.Max);
    }

    private sealed record Slice(string Name, int Rows, double? Value, BootstrapSample? Sample, string? Reason, int Units);
}
