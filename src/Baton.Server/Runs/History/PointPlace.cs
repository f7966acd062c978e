using System.Globalization;

namespace Baton.Server.Runs.History;

/// <summary>Where a point stands in its series: points are ordered by time, step and value, as MLflow orders them.</summary>
/// <param name="At">Microseconds since 1970.</param>
/// <param name="Step">Its step.</param>
/// <param name="Value">The value as it is stored: 0 for NaN.</param>
/// <param name="IsNan">Whether it is NaN.</param>
internal readonly record struct PointPlace(long At, DecimalStep Step, double Value, bool IsNan)
{
    /// <summary>Before every point: no time is negative.</summary>
    public static PointPlace Start { get; } = new(-1, new DecimalStep(0, 0), 0, false);

    /// <summary>A text that <see cref="TryParse"/> reads back.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{At}_{Step.Whole}_{Step.Millionths}_{BitConverter.DoubleToInt64Bits(Value):x}_{(IsNan ? 1 : 0)}");

    public static bool TryParse(string text, out PointPlace place)
    {
        place = default;
        if (text.Split('_') is not [var at, var whole, var millionths, var bits, "0" or "1"]
            || !long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var time)
            || !long.TryParse(whole, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var step)
            || !long.TryParse(millionths, NumberStyles.None, CultureInfo.InvariantCulture, out var rest)
            || !long.TryParse(bits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            || !double.IsFinite(BitConverter.Int64BitsToDouble(value)))
            return false;
        place = new PointPlace(time, new DecimalStep(step, rest), BitConverter.Int64BitsToDouble(value), text.EndsWith('1'));
        return true;
    }
}
