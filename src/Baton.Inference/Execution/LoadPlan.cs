namespace Baton.Inference.Execution;

/// <summary>When the requests of a load arrive, fixed before it begins: a slow answer cannot delay the requests behind it.</summary>
public static class LoadPlan
{
    /// <summary>Arrival times of a Poisson process, microseconds from the start, ascending. The same seed gives the same times.</summary>
    /// <param name="requestsPerSecond">Mean rate, above 0.</param>
    /// <param name="requests">How many.</param>
    /// <param name="seed">Seed.</param>
    public static double[] PoissonArrivals(double requestsPerSecond, int requests, int seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(requestsPerSecond);
        var random = new Random(seed);
        var arrivals = new double[requests];
        var at = 0d;
        for (var i = 0; i < requests; i++)
        {
            at += -Math.Log(1 - random.NextDouble()) / requestsPerSecond * 1e6;
            arrivals[i] = at;
        }

        return arrivals;
    }

    /// <summary>
    /// How many requests to send: three times what the percentile needs and at least 200, as long as that takes no more than
    /// <paramref name="comfortableSeconds"/>; never fewer than needed unless that would take more than <paramref name="longestSeconds"/>.
    /// </summary>
    /// <param name="needed">Requests that the percentile needs at least.</param>
    /// <param name="requestsPerSecond">Mean rate.</param>
    /// <param name="comfortableSeconds">Length that is always fine.</param>
    /// <param name="longestSeconds">Length that is never exceeded.</param>
    public static int Requests(int needed, double requestsPerSecond, double comfortableSeconds = 6, double longestSeconds = 60)
    {
        var wished = Math.Min(Math.Max(200, 3L * needed), (long)(requestsPerSecond * comfortableSeconds));
        return (int)Math.Clamp(Math.Min(Math.Max(needed, wished), (long)(requestsPerSecond * longestSeconds)), 1, 200_000);
    }
}
