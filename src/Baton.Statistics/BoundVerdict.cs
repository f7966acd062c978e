namespace Baton.Statistics;

/// <summary>What an interval says of a bound.</summary>
public enum BoundOutcome
{
    /// <summary>The whole interval keeps the bounds.</summary>
    Pass,

    /// <summary>The whole interval breaks one of them.</summary>
    Fail,

    /// <summary>The interval straddles a bound.</summary>
    Inconclusive,
}

/// <summary>Decides bounds on intervals, never on the point alone.</summary>
public static class BoundVerdict
{
    /// <summary>Compares an interval with bounds; an end that touches a bound keeps it.</summary>
    /// <param name="low">Lower end; null where it is unknown how low.</param>
    /// <param name="high">Upper end; null where it is unknown how high.</param>
    /// <param name="min">At least this; null for no bound.</param>
    /// <param name="max">At most this; null for no bound.</param>
    public static BoundOutcome Decide(double? low, double? high, double? min, double? max) =>
        high < min || low > max ? BoundOutcome.Fail
        : (min is null || low >= min) && (max is null || high <= max) ? BoundOutcome.Pass
        : BoundOutcome.Inconclusive;
}
