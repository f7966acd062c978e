namespace Baton.Statistics;

/// <summary>Intervals of a share from the number of successes.</summary>
public static class Proportion
{
    private const int Halvings = 200;

    /// <summary>Wilson's score interval (1927): good from the smallest numbers on, and never outside 0 to 1.</summary>
    /// <param name="successes">0 to <paramref name="trials"/>.</param>
    /// <param name="trials">At least 1.</param>
    /// <param name="confidence">Two-sided confidence, above 0 and below 1.</param>
    public static (double Low, double High) Wilson(long successes, long trials, double confidence = 0.95)
    {
        Check(successes, trials);
        return Score(successes, trials, Normal.Quantile(1 - ((1 - confidence) / 2)));
    }

    /// <summary>The share that is at least so, by Wilson's score, with a one-sided confidence.</summary>
    public static double WilsonAtLeast(long successes, long trials, double confidence = 0.95)
    {
        Check(successes, trials);
        return Score(successes, trials, Normal.Quantile(confidence)).Low;
    }

    /// <summary>The exact interval (Clopper and Pearson 1934), never narrower than it says.</summary>
    /// <param name="successes">0 to <paramref name="trials"/>.</param>
    /// <param name="trials">At least 1.</param>
    /// <param name="confidence">Two-sided confidence, above 0 and below 1.</param>
    public static (double Low, double High) ClopperPearson(int successes, int trials, double confidence = 0.95)
    {
        Check(successes, trials);
        var tail = (1 - confidence) / 2;
        return (
            successes == 0 ? 0 : Where(chance => 1 - new Binomial(trials, chance).AtMost(successes - 1) > tail),
            successes == trials ? 1 : Where(chance => new Binomial(trials, chance).AtMost(successes) < tail));
    }

    private static (double Low, double High) Score(long successes, long trials, double z)
    {
        double n = trials;
        var share = successes / n;
        var middle = (share + (z * z / (2 * n))) / (1 + (z * z / n));
        var reach = z / (1 + (z * z / n)) * Math.Sqrt((share * (1 - share) / n) + (z * z / (4 * n * n)));
        return (successes == 0 ? 0 : Math.Max(0, middle - reach), successes == trials ? 1 : Math.Min(1, middle + reach));
    }

    /// <summary>The chance from which on a condition holds.</summary>
    private static double Where(Func<double, bool> holds)
    {
        var (below, above) = (0.0, 1.0);
        for (var i = 0; i < Halvings; i++)
        {
            var middle = (below + above) / 2;
            if (middle <= below || middle >= above)
                break;
            if (holds(middle))
                above = middle;
            else
                below = middle;
        }

        return (below + above) / 2;
    }

    private static void Check(long successes, long trials)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(trials, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(successes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(successes, trials);
    }
}
