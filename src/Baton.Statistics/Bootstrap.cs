namespace Baton.Statistics;

/// <summary>
/// Percentile bootstrap over rows or whole groups. A resample is a count per unit, never a copy of rows: metrics sort or sum once and are then
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

    /// <summary>Interval of a metric.</summary>
    /// <param name="metric">The metric.</param>
    /// <param name="observations">The rows.</param>
    /// <param name="units">What is drawn: rows or groups of the same rows.</param>
    /// <param name="confidence">Two-sided confidence, above 0 and below 1.</param>
    /// <param name="resamples">Number of resamples, at least 100.</param>
    /// <param name="seed">Seed; the same seed gives the same interval.</param>
    /// <param name="threads">Threads to use; the result does not depend on it.</param>
    public static BootstrapResult Interval(
        Metric metric, Observations observations, ResamplingUnits units,
        double confidence = 0.95, int resamples = DefaultResamples, ulong seed = DefaultSeed, int threads = 1)
    {
        Check(observations, units, confidence, resamples);
        return Run(metric.Compute(observations), metric.Prepare(observations, units), units.Count, confidence, resamples, seed, threads);
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
    /// <exception cref="ArgumentException">The labels of the two differ: they are not the same rows.</exception>
    public static BootstrapResult PairedDifference(
        Metric metric, Observations candidate, Observations production, ResamplingUnits units,
        double confidence = 0.95, int resamples = DefaultResamples, ulong seed = DefaultSeed, int threads = 1)
    {
        Check(candidate, units, confidence, resamples);
        if (!candidate.LabelArray.AsSpan().SequenceEqual(production.LabelArray))
        {
            throw new ArgumentException(
                "Candidate and production do not have the same labels in the same order; pair them by row id first.", nameof(production));
        }

        var both = new Difference(metric.Prepare(candidate, units), metric.Prepare(production, units));
        return Run(Minus(metric.Compute(candidate), metric.Compute(production)), both, units.Count, confidence, resamples, seed, threads);
    }

    private static void Check(Observations observations, ResamplingUnits units, double confidence, int resamples)
    {
        if (units.Rows != observations.Count)
            throw new ArgumentException($"The units are of {units.Rows} rows, the observations of {observations.Count}.", nameof(units));
        if (confidence is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(confidence), confidence, "A confidence lies between 0 and 1, e.g. 0.95.");
        ArgumentOutOfRangeException.ThrowIfLessThan(resamples, 100);
    }

    private static BootstrapResult Run(MetricValue whole, PreparedMetric metric, int units, double confidence, int resamples, ulong seed, int threads)
    {
        if (whole.Value is not { } estimate)
            return new BootstrapResult(null, whole.UndefinedBecause, 0);
        if (units < FewestUnits)
            return new BootstrapResult(null, $"there are {units} rows or groups to draw from; an interval needs at least {FewestUnits}", 0);

        var drawn = new double?[resamples];
        var perThread = (resamples + threads - 1) / threads;
        if (threads <= 1)
            Draw(0, resamples);
        else
            Parallel.For(0, threads, t => Draw(Math.Min(resamples, t * perThread), Math.Min(resamples, (t + 1) * perThread)));

        var values = drawn.OfType<double>().Order().ToArray();
        var undefined = resamples - values.Length;
        if (values.Length < resamples / 2)
        {
            var reason = $"the metric is undefined in {undefined:N0} of {resamples:N0} resamples; too few rows or groups hold what it needs";
            return new BootstrapResult(null, reason, undefined);
        }

        var tail = (1 - confidence) / 2;
        var interval = new BootstrapInterval(estimate, Quantile(values, tail), Quantile(values, 1 - tail), confidence, units);
        return new BootstrapResult(interval, null, undefined);

        void Draw(int from, int to)
        {
            var weights = new int[units];
            for (var resample = from; resample < to; resample++)
            {
                Array.Clear(weights);
                var random = new SplitMix(seed, resample);
                for (var i = 0; i < units; i++)
                    weights[random.Below(units)]++;
                drawn[resample] = metric.Evaluate(weights).Value;
            }
        }
    }

    private static MetricValue Minus(MetricValue candidate, MetricValue production) =>
        candidate.Value is not { } a ? candidate : production.Value is not { } b ? production : MetricValue.Of(a - b);

    /// <summary>Quantile of sorted values, linear between neighbours, as NumPy's default.</summary>
    private static double Quantile(double[] sorted, double share)
    {
        var position = share * (sorted.Length - 1);
        var below = (int)position;
        return below + 1 < sorted.Length ? sorted[below] + ((position - below) * (sorted[below + 1] - sorted[below])) : sorted[below];
    }

    private sealed class Difference(PreparedMetric candidate, PreparedMetric production) : PreparedMetric
    {
        public override MetricValue Evaluate(ReadOnlySpan<int> weights) => Minus(candidate.Evaluate(weights), production.Evaluate(weights));
    }
}
