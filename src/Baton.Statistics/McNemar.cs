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
}
