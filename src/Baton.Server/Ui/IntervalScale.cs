using System.Globalization;

namespace Baton.Server.Ui;

/// <summary>Places the numbers of a clause on one axis, with room at both ends.</summary>
internal sealed class IntervalScale
{
    private const double Margin = 10;
    private const double Room = 0.16;

    private readonly double _from;
    private readonly double _to;

    private IntervalScale(double from, double to, double width)
    {
        _from = from;
        _to = to;
        Width = width;
    }

    /// <summary>Width of the drawing.</summary>
    public double Width { get; }

    /// <summary>An axis that shows every value given.</summary>
    /// <param name="values">What must be seen; nulls are passed over.</param>
    /// <param name="width">Width of the drawing.</param>
    /// <param name="fromZero">Begins at zero, for quantities of which there can be none: times, sizes.</param>
    /// <param name="most">Greatest value the quantity can take, e.g. 1 for a share.</param>
    public static IntervalScale Of(IEnumerable<double?> values, double width, bool fromZero = false, double most = double.PositiveInfinity)
    {
        var seen = values.OfType<double>().Where(double.IsFinite).DefaultIfEmpty(0).ToList();
        var (low, high) = (fromZero ? Math.Min(0, seen.Min()) : seen.Min(), seen.Max());
        var span = high > low ? high - low : Math.Max(Math.Abs(high) * 0.1, 1e-9);
        return new IntervalScale(fromZero && low == 0 ? 0 : low - span * Room, Math.Min(high + span * Room, Math.Max(high, most)), width);
    }

    /// <summary>Where a value stands, from the left edge.</summary>
    public double At(double value) => Margin + Math.Clamp((value - _from) / (_to - _from), 0, 1) * (Width - 2 * Margin);

    /// <summary>Left and right edge of what a bound allows.</summary>
    public (double From, double To) Allowed(double? min, double? max) => (min is { } least ? At(least) : 0, max is { } most ? At(most) : Width);

    /// <summary>How a label at a place is anchored so that it stays inside the drawing.</summary>
    public string Anchor(double x, double labelWidth) => x < labelWidth / 2 + 2 ? "start" : x > Width - labelWidth / 2 - 2 ? "end" : "middle";

    /// <summary>A coordinate as SVG reads it.</summary>
    public static string Px(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);
}
