namespace Baton.Contracts.Reports;

/// <summary>The stretch of numbers on which an interval is drawn against its bound.</summary>
internal sealed record IntervalScale(double From, double To)
{
    private const double Margin = 0.12;

    /// <summary>A stretch that shows measured value, interval, bound and claim of a clause; null where it has no number, or nothing to hold it against.</summary>
    public static IntervalScale? Of(ClauseResult clause)
    {
        if (clause.Measured?.Number is not { } measured || !double.IsFinite(measured) || (clause.Bound is null && clause.Interval is null))
            return null;
        double?[] shown = [measured, clause.Interval?.Low, clause.Interval?.High, clause.Bound?.Min, clause.Bound?.Max, clause.Claimed?.Number];
        var numbers = shown.OfType<double>().Where(double.IsFinite).ToList();
        var (low, high) = (numbers.Min(), numbers.Max());
        var margin = high > low ? (high - low) * Margin : Math.Max(Math.Abs(high) * Margin, 1e-9);
        return new IntervalScale(low - margin, high + margin);
    }

    /// <summary>Where a number lies, 0 to 1; numbers outside lie at the ends.</summary>
    public double At(double value) => Math.Clamp((value - From) / (To - From), 0, 1);
}
