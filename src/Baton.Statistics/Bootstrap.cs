namespace Baton.Statistics;

/// <summary>
/// Bootstrap over rows or whole groups, read as percentiles or as BCa. A resample is a count per unit, never a copy of rows: metrics sort or sum once and are then
/// evaluated by weight. The result is a function of the rows and the seed, whatever the number of threads.
/// </summary>
public static class Bootstrap
{
    /// <summary>Resamples where none are asked for.</summary>
    public const int DefaultResamples = 2_000;

    /// <summary>Seed where none is given.</summary>
    public const ulong DefaultSeed = 20_090_101;

    /// <summary>With fewer rows or groups than this an interval would promise more than it knows, so there is none.</summary>
    public const int FewestUnits = 5;

    /// <summary>
    /// From so many units on each is drawn by a Poisson distribution of its own (Chamandy et al. 2012): counts in order, for which no memory has to be jumped
    /// through. How many are drawn in all then varies by less than 1 %, and every metric divides by it.
    /// </summary>
    internal const int Many = 100_000;

    /// <summary>Interval of a metric.</summary>
    /// <param name="metric">The metric.</param>
    /// <param name="observations">The rows.</param>
    /// <param name="units">What is drawn: rows or groups of the same rows.</param>
    /// <param name="confidence">Two-sided confidence, above 0 and below 1.</param>
    /// <param name="resamples">Number of resamples, at least 100.</param>
    /// <param name="seed">Seed; the same seed gives the same interval.</param>
    /// <param name="threads">Threads to use; the result does not depend on it.</param>
    /// <param name="method">How the interval is read from the resamples.</param>
    public static BootstrapResult Interval(
        Metric metric, Observations observations, ResamplingUnits units,
        double confidence = 0.95, int resamples = DefaultResamples, ulong seed = DefaultSeed, int threads = 1,
        BootstrapMethod method = BootstrapMethod.Percentile)
    {
        Check(observations, units, confidence, resamples);
        var rows = observations;
        if (units is { ByRows: true, Count: >= Many } && metric is RankMetric && rows.ScoreArray is not null)
        {
            // Rows are alike to the draw: in the order of their scores the sweep reads memory straight.
            rows = rows.At(rows.OrderByScore().Rows);
        }

        return Run(metric.Compute(observations), metric.Prepare(rows, units), units.Count, confidence, resamples, seed, threads, method);
    }

    /// <summary>
    /// Interval of a metric's difference, candidate minus production, both on the same resamples, so that what is hard for both cancels.
    /// </summary>
    /// <param name="metric">The metric.</param>
    /// <param name="candidate">Rows as the candidate predicts them.</param>
    /// <param name="production">The same rows in the same order as the version in production predicts them.</param>
    /// <param name="units">What is drawn: rows or groups of the same rows.</param>
    /// <param name="confidence">Two-sided confidence, above 0 and below 1.</param>
    /// <param name="resamples">Number of resamples, at least 100.</param>
    /// <param name="seed">Seed; the same seed gives the same interval.</param>
    /// <param name="threads">Threads to use; the result does not depend on it.</param>
    /// <param name="method">How the interval is read from the resamples.</param>
    /// <exception cref="ArgumentException">The labels of the two differ: they are not the same rows.</exception>
    public static BootstrapResult PairedDifference(
        Metric metric, Observations candidate, Observations production, ResamplingUnits units,
        double confidence = 0.95, int resamples = DefaultResamples, ulong seed = DefaultSeed, int threads = 1,
        BootstrapMethod method = BootstrapMethod.Percentile)
    {
        Check(candidate, units, confidence, resamples);
        if (!candidate.HasTruthOf(production))
        {
            throw new ArgumentException(
                "Candidate and production do not have the same labels in the same order; pair them by row id first.", nameof(production));
        }

        var both = new Difference(metric.Prepare(candidate, units), metric.Prepare(production, units));
        return Run(Minus(metric.Compute(candidate), metric.Compute(production)), both, units.Count, confidence, resamples, seed, threads, method);
    }

    internal static void Check(Observations observations, ResamplingUnits units, double confidence, int resamples)
    {
        if (units.Rows != observations.Count)
            throw new ArgumentException($"The units are of {units.Rows} rows, the observations of {observations.Count}.", nameof(units));
        if (confidence is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(confidence), confidence, "A confidence lies between 0 and 1, e.g. 0.95.");
        ArgumentOutOfRangeException.ThrowIfLessThan(resamples, 100);
    }

    /// <summary>Resamples of a metric, or why there are none.</summary>
    internal static (BootstrapSample? Sample, BootstrapResult? Without) Draw(
        MetricValue whole, PreparedMetric metric, int units, int resamples, ulong seed, int threads)
    {
        if (whole.Value is not { } estimate)
            return (null, new BootstrapResult(null, whole.UndefinedBecause, 0));
        if (units < FewestUnits)
            return (null, new BootstrapResult(null, $"there are {units} rows or groups to draw from; an interval needs at least {FewestUnits}", 0));

        var drawn = new double?[resamples];
        var perThread = (resamples + threads - 1) / threads;
        if (threads <= 1)
            Fill(0, resamples);
        else
            Parallel.For(0, threads, t => Fill(Math.Min(resamples, t * perThread), Math.Min(resamples, (t + 1) * perThread)));

        var sample = new BootstrapSample(metric, estimate, drawn, units, seed);
        if (sample.Values.Length >= resamples / 2)
            return (sample, null);
        var reason = $"the metric is undefined in {sample.Undefined:N0} of {resamples:N0} resamples; too few rows or groups hold what it needs";
        return (null, new BootstrapResult(null, reason, sample.Undefined));

        void Fill(int from, int to)
        {
            var weights = new int[units];
            for (var resample = from; resample < to; resample++)
            {
                var random = new SplitMix(seed, resample);
                if (units >= Many)
                {
                    random.FillPoisson(weights);
                }
                else
                {
                    Array.Clear(weights);
                    for (var i = 0; i < units; i++)
                        weights[random.Below(units)]++;
                }

                drawn[resample] = metric.Evaluate(weights).Value;
            }
        }
    }

    /// <summary>Quantile of sorted values, linear between neighbours, as NumPy's default.</summary>
    internal static double Quantile(double[] sorted, double share)
    {
        var position = share * (sorted.Length - 1);
        var below = (int)position;
        return below + 1 < sorted.Length ? sorted[below] + ((position - below) * (sorted[below + 1] - sorted[below])) : sorted[below];
    }

    private static BootstrapResult Run(
        MetricValue whole, PreparedMetric metric, int units, double confidence, int resamples, ulong seed, int threads, BootstrapMethod method)
    {
        var (sample, without) = Draw(whole, metric, units, resamples, seed, threads);
        if (sample is null)
            return without!;
        var (interval, caution) = sample.Interval(confidence, method);
        return new BootstrapResult(interval, null, sample.Undefined) { Caution = caution };
    }

    internal static MetricValue Minus(MetricValue candidate, MetricValue production) =>
        candidate.Value is not { } a ? candidate : production.Value is not { } b ? production : MetricValue.Of(a - b);

    /// <summary>A metric of one less that of the other, on the same resample.</summary>
    internal sealed class Difference(PreparedMetric candidate, PreparedMetric production) : PreparedMetric
    {
        public override MetricValue Evaluate(ReadOnlySpan<int> weights) => Minus(candidate.Evaluate(weights), production.Evaluate(weights));
    }
}
