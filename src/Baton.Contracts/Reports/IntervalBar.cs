namespace Baton.Contracts.Reports;

/// <summary>An interval against its bound in one line of text: <c>···┃··━━●━━···</c>.</summary>
public static class IntervalBar
{
    /// <summary>The bar: <c>┃</c> a bound, <c>━</c> the interval, <c>●</c> the measured value; empty where there is nothing to draw.</summary>
    /// <param name="clause">The clause.</param>
    /// <param name="width">Characters, at least 5.</param>
    public static string Of(ClauseResult clause, int width = 17)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 5);
        if (IntervalScale.Of(clause) is not { } scale)
            return "";
        var bar = new char[width];
        Array.Fill(bar, '·');
        int At(double value) => (int)Math.Round(scale.At(value) * (width - 1), MidpointRounding.AwayFromZero);
        if (clause.Interval is { } interval)
            Array.Fill(bar, '━', At(interval.Low), At(interval.High) - At(interval.Low) + 1);
        foreach (var end in new[] { clause.Bound?.Min, clause.Bound?.Max }.OfType<double>())
            bar[At(end)] = '┃';
        var (at, measured) = (At(clause.Measured!.Number!.Value), clause.Measured.Number.Value);
        // Two numbers that are not the same must not be drawn in one place: the value gives way to the side it is on.
        if (bar[at] == '┃' && new[] { clause.Bound?.Min, clause.Bound?.Max }.OfType<double>().First(end => At(end) == at) is var bound && bound != measured)
            at = Math.Clamp(at + Math.Sign(measured - bound), 0, width - 1);
        bar[at] = '●';
        return new string(bar);
    }
}
