using System.Globalization;

namespace Baton.Server.Runs.History;

/// <summary>A step with up to six decimals, kept exactly: its whole part, rounded down, and millionths on top.</summary>
/// <param name="Whole">What MLflow's clients read.</param>
/// <param name="Millionths">0 to 999,999.</param>
internal readonly record struct DecimalStep(long Whole, long Millionths)
{
    private const decimal PerUnit = 1_000_000m;
    private const int MostDigits = 28;

    public static DecimalStep Least { get; } = new(long.MinValue, 0);

    public static DecimalStep Greatest { get; } = new(long.MaxValue, (long)PerUnit - 1);

    public double Real => Whole + (Millionths / (double)PerUnit);

    /// <summary>The exact number, without needless zeros.</summary>
    public decimal Exact => Millionths == 0 ? Whole : Whole + (Millionths / PerUnit);

    /// <summary>Reads a decimal number, with an exponent or without; nothing of it is rounded away.</summary>
    public static bool TryParse(string text, out DecimalStep step)
    {
        step = default;
        var mantissa = text.AsSpan(0, text.IndexOfAny(['e', 'E']) is >= 0 and var exponent ? exponent : text.Length);
        var (digits, isZero) = (0, true);
        foreach (var c in mantissa)
        {
            digits += char.IsAsciiDigit(c) ? 1 : 0;
            isZero &= c is not (>= '1' and <= '9');
        }

        const NumberStyles Form = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (digits > MostDigits || !decimal.TryParse(text, Form, CultureInfo.InvariantCulture, out var number) || (number == 0 && !isZero))
            return false;
        var whole = decimal.Floor(number);
        if (whole is < long.MinValue or > long.MaxValue)
            return false;
        var millionths = (number - whole) * PerUnit;
        if (millionths != decimal.Floor(millionths))
            return false;
        step = new DecimalStep((long)whole, (long)millionths);
        return true;
    }
}
