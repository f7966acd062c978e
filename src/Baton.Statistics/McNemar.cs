namespace Baton.Statistics;

/// <summary>Whether two classifiers err equally often on the same rows (McNemar 1947): only rows on which exactly one is right count.</summary>
public static class McNemar
{
    /// <summary>Exact, two-sided: were both equally good, either would be the right one with chance one half.</summary>
    /// <param name="onlyFirstRight">Rows on which only the first is right.</param>
    /// <param name="onlySecondRight">Rows on which only the second is right.</param>
    public static double PValue(int onlyFirstRight, int onlySecondRight)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(onlyFirstRight);
        ArgumentOutOfRangeException.ThrowIfNegative(onlySecondRight);
        var rows = onlyFirstRight + onlySecondRight;
        return rows == 0 ? 1 : Math.Min(1, 2 * new Binomial(rows, 0.5).AtMost(Math.Min(onlyFirstRight, onlySecondRight)));
    }

    /// <summary>Mid-p, two-sided: half of the chance of the table itself is left out, because the exact test is too cautious (Fagerland, Lydersen and Laake 2013).</summary>
    /// <param name="onlyFirstRight">Rows on which only the first is right.</param>
    /// <param name="onlySecondRight">Rows on which only the second is right.</param>
    public static double MidPValue(int onlyFirstRight, int onlySecondRight)
    {
        var (rows, fewer) = (onlyFirstRight + onlySecondRight, Math.Min(onlyFirstRight, onlySecondRight));
        var exact = PValue(onlyFirstRight, onlySecondRight);
        if (rows == 0)
            return 1;
        var chance = new Binomial(rows, 0.5);
        return onlyFirstRight == onlySecondRight
            ? 1 - ((chance.AtMost(fewer) - chance.AtMost(fewer - 1)) / 2)
            : exact - (chance.AtMost(fewer) - chance.AtMost(fewer - 1));
    }
}
