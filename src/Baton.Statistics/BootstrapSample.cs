namespace Baton.Statistics;

/// <summary>The resampled values of a metric, from which intervals of any confidence are read.</summary>
internal sealed class BootstrapSample
{
    /// <summary>Parts that are left out in turn for the acceleration: single units, or of many units this many blocks of them.</summary>
    private const int MostParts = 1_000;

    private readonly PreparedMetric _prepared;
    private readonly ulong _seed;
    private double? _acceleration;

    /// <param name="prepared">The metric over the rows.</param>
    /// <param name="estimate">Its value on all of them.</param>
    /// <param name="drawn">Its value on each resample; null where undefined.</param>
    /// <param name="units">Number of rows or groups.</param>
    /// <param name="seed">Seed of the blocks.</param>
    public BootstrapSample(PreparedMetric prepared, double estimate, double?[] drawn, int units, ulong seed)
    {
        (_prepared, _seed, Estimate, Units) = (prepared, seed, estimate, units);
        Values = [.. drawn.OfType<double>().Order()];
        Undefined = drawn.Length - Values.Length;
    }

    public double Estimate { get; }

    public int Units { get; }

    /// <summary>Resampled values in order.</summary>
    public double[] Values { get; }

    public int Undefined { get; }

    /// <summary>The interval, and why it is to be read with care.</summary>
    public (BootstrapInterval Interval, string? Caution) Interval(double confidence, BootstrapMethod method)
    {
        var tail = (1 - confidence) / 2;
        if (Values[0] == Values[^1])
        {
            return (new BootstrapInterval(Estimate, Values[0], Values[0], confidence, Units),
                $"all resamples give the same value; what {Units:N0} rows or groups never show can still happen");
        }

        if (method == BootstrapMethod.Percentile)
            return (Of(tail, 1 - tail), null);
        var share = (Below(Estimate) + Below(Math.BitIncrement(Estimate))) / (2.0 * Values.Length);
        if (share is <= 0 or >= 1)
            return (Of(tail, 1 - tail), "no resample lies on one side of the estimate, so its bias cannot be told; the interval is the plain percentile");
        var acceleration = _acceleration ??= Acceleration();
        if (!double.IsFinite(acceleration))
            return (Of(tail, 1 - tail), "the metric is undefined where single rows or groups are left out; the interval is the plain percentile");
        var bias = Normal.Quantile(share);
        return (Of(Moved(Normal.Quantile(tail)), Moved(Normal.Quantile(1 - tail))), null);

        BootstrapInterval Of(double low, double high) => new(Estimate, Bootstrap.Quantile(Values, low), Bootstrap.Quantile(Values, high), confidence, Units);

        double Moved(double z) => 1 - Normal.Above(bias + ((bias + z) / (1 - (acceleration * (bias + z)))));
    }

    /// <summary>Two-sided chance, by the resamples, that the value lies on the other side of a bound; never 0, for there are only so many.</summary>
    public double PValue(double bound)
    {
        var (below, above) = (Below(Math.BitIncrement(bound)), Values.Length - Below(bound));
        return Math.Min(1, 2.0 * (Math.Min(below, above) + 1) / (Values.Length + 1));
    }

    /// <summary>
    /// A sixth of the skewness of the jackknife's values. With more than a thousand units, blocks of units are left out, drawn by the seed: third and second
    /// moments of sums of independent influences add up, so that the ratio stays, with a noise of about 0.4 / blocks.
    /// </summary>
    private double Acceleration()
    {
        var (metric, parts) = (_prepared, Math.Min(Units, MostParts));
        var partOfUnit = new int[Units];
        var random = new SplitMix(_seed, -1);
        for (var unit = 0; unit < Units; unit++)
        {
            // Fisher and Yates, inside out: as many units in each part, in random order.
            var other = random.Below(unit + 1);
            (partOfUnit[unit], partOfUnit[other]) = (partOfUnit[other], unit % parts);
        }

        var (weights, values) = (new int[Units], new double[parts]);
        for (var part = 0; part < parts; part++)
        {
            for (var unit = 0; unit < Units; unit++)
                weights[unit] = partOfUnit[unit] == part ? 0 : 1;
            values[part] = metric.Evaluate(weights).Value ?? double.NaN;
        }

        var mean = values.Average();
        double squares = 0, cubes = 0;
        foreach (var value in values)
        {
            squares += (mean - value) * (mean - value);
            cubes += (mean - value) * (mean - value) * (mean - value);
        }

        return squares == 0 ? 0 : cubes / (6 * Math.Pow(squares, 1.5));
    }

    private int Below(double bound)
    {
        var (low, high) = (0, Values.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (Values[middle] < bound)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }
}
