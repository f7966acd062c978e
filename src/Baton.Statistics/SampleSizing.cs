namespace Baton.Statistics;

/// <summary>How much more has to be seen before an interval can decide.</summary>
public static class SampleSizing
{
    /// <summary>
    /// How many more rows or groups would likely bring the interval off the bound, were the estimate to stay: an interval narrows with the
    /// root of the sample, so <c>n' = n · (reach / distance)²</c>, where reach is from the estimate to that end of the interval which lies towards the bound.
    /// </summary>
    /// <param name="estimate">The estimate.</param>
    /// <param name="low">Lower end of the interval.</param>
    /// <param name="high">Upper end of the interval.</param>
    /// <param name="bound">The bound that the interval straddles.</param>
    /// <param name="n">Rows or groups seen so far.</param>
    /// <returns>
    /// How many more, 0 where the interval is off the bound already; null where the estimate is the bound, or so near that no number below 10¹²
    /// will do.
    /// </returns>
    public static long? MoreGroups(double estimate, double low, double high, double bound, long n)
    {
        var reach = bound < estimate ? estimate - low : high - estimate;
        var needed = Math.Ceiling(n * Math.Pow(reach / Math.Abs(estimate - bound), 2));
        return estimate == bound || !(needed < 1e12) ? null : Math.Max(0, (long)needed - n);
    }

    /// <summary>How many more rows or groups would likely bring an interval off every bound that it straddles; null where no number below 10¹² will do.</summary>
    /// <param name="interval">The interval.</param>
    /// <param name="min">Lower bound; null for none.</param>
    /// <param name="max">Upper bound; null for none.</param>
    public static long? MoreUnits(BootstrapInterval interval, double? min, double? max)
    {
        long most = 0;
        foreach (var bound in new[] { min, max }.OfType<double>())
        {
            // A bound outside the interval is decided already.
            if (bound < interval.Low || bound > interval.High)
                continue;
            if (MoreGroups(interval.Estimate, interval.Low, interval.High, bound, interval.Units) is not { } more)
                return null;
            most = Math.Max(most, more);
        }

        return most;
    }
}
