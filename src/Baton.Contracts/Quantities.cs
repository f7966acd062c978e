using System.Globalization;

namespace Baton.Contracts;

/// <summary>A quantity read from text: the value, or what is wrong with it and what was probably meant.</summary>
internal readonly record struct Parsed<T>(T? Value, string? Fault = null, string? Suggestion = null)
    where T : struct;

/// <summary>
/// Quantities as people write them: <c>99.5 %</c>, <c>25 ms</c>, <c>256 MiB</c>, <c>20 requests/s</c>. What is formatted here reads back to the
/// same value; decimal arithmetic in between keeps <c>99.5 %</c> and <c>0.995</c> one number.
/// </summary>
internal static class Quantities
{
    private static readonly (string Name, decimal Factor)[] Times =
    [
        ("d", TimeSpan.TicksPerDay), ("h", TimeSpan.TicksPerHour), ("min", TimeSpan.TicksPerMinute),
        ("s", TimeSpan.TicksPerSecond), ("ms", TimeSpan.TicksPerMillisecond), ("us", 10), ("µs", 10), ("μs", 10),
    ];

    private static readonly (string Name, decimal Factor)[] Sizes =
        [("GiB", 1L << 30), ("GB", 1_000_000_000), ("MiB", 1 << 20), ("MB", 1_000_000), ("KiB", 1 << 10), ("kB", 1_000), ("KB", 1_000), ("B", 1)];

    public static Parsed<double> Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? new(value == 0 ? 0 : value) // not minus nought, which would write differently
            : new(null, $"'{Excerpt(text)}' is not a number; write one like 0.95");

    public static Parsed<int> Count(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? new(value)
            : new(null, $"'{Excerpt(text)}' is not a whole number; write one like 8");

    public static Parsed<double> Share(string text)
    {
        if (text.EndsWith('%'))
        {
            return Amount(text[..^1]) is { } percent
                ? new(double.Parse((percent / 100).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture))
                : new(null, $"'{Excerpt(text)}' is not a percentage; write one like 95 %");
        }

        var share = Number(text);
        return share.Value switch
        {
            null => new(null, $"'{Excerpt(text)}' is not a percentage; write one like 95 % or 0.95"),
            > 1 and <= 100 => new(null, $"{text} is above 1, the whole; did you mean '{text} %'?", $"{text} %"),
            _ => share,
        };
    }

    public static Parsed<TimeSpan> Duration(string text)
    {
        var ticks = WithUnit(text, "a duration", Times, "25 ms", "ms", "d, h, min, s, ms, us");
        return ticks.Value is { } value ? new(TimeSpan.FromTicks(value)) : new(null, ticks.Fault, ticks.Suggestion);
    }

    public static Parsed<long> Size(string text) => WithUnit(text, "a size", Sizes, "256 MiB", "MiB", "B, kB, MB, GB, KiB, MiB, GiB");

    public static Parsed<long> Whole(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? new(value)
            : new(null, $"'{Excerpt(text)}' is not a whole number; write one like 1000000");

    public static Parsed<double> Rate(string text, string things)
    {
        var (amount, unit) = Split(text);
        if (amount is null)
            return new(null, $"'{Excerpt(text)}' is not a rate; write one like 20 {things}/s");
        if (unit == $"{things}/s" || unit == $"{things[..^1]}/s" || unit == "/s")
            return Number(text[..^unit.Length]);
        return unit.Length == 0
            ? new(null, $"{text} has no unit; write '{text} {things}/s'", $"{text} {things}/s")
            : new(null, $"'{Excerpt(unit)}' is no unit of a rate; write one like 20 {things}/s", $"{things}/s");
    }

    /// <summary>The number, exactly; below 1 with at least two decimals, as people write metrics.</summary>
    public static string Format(double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        if (text.Contains('E'))
        {
            // Plain digits are easier to read, where decimal's 28 of them hold the very same number.
            return Math.Abs(value) is > 1e-12 and < 1e12 && decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var plain)
                ? plain.ToString(CultureInfo.InvariantCulture)
                : text.ToLowerInvariant();
        }

        var decimals = text.IndexOf('.') is var dot and >= 0 ? text.Length - dot - 1 : 0;
        return Math.Abs(value) < 1 && decimals == 1 ? text + "0" : text;
    }

    /// <summary>A share as a percentage, exactly.</summary>
    public static string FormatShare(double share) =>
        share is 0 or > 1e-9
        && decimal.TryParse(share.ToString("R", CultureInfo.InvariantCulture), NumberStyles.Float, CultureInfo.InvariantCulture, out var exact)
            ? $"{(exact * 100).ToString("0.#########################", CultureInfo.InvariantCulture)} %"
            : Format(share);

    /// <summary>The time in the greatest unit that people would choose: whole days, hours and minutes, else seconds and their parts.</summary>
    public static string Format(TimeSpan time)
    {
        var ticks = time.Ticks;
        var (unit, factor) = Times.FirstOrDefault(t => t.Factor >= TimeSpan.TicksPerMinute && ticks >= t.Factor && ticks % (long)t.Factor == 0) is { Name: { } whole } found
            ? (whole, found.Factor)
            : ticks switch
            {
                >= TimeSpan.TicksPerSecond => ("s", 10_000_000m),
                >= TimeSpan.TicksPerMillisecond => ("ms", 10_000m),
                _ => ("us", 10m),
            };
        return $"{(ticks / factor).ToString("0.#######", CultureInfo.InvariantCulture)} {unit}";
    }

    /// <summary>The size in the greatest unit that needs no fraction.</summary>
    public static string FormatSize(long bytes)
    {
        var (name, factor) = Sizes.First(unit => bytes % unit.Factor == 0);
        return $"{(bytes / factor).ToString("0", CultureInfo.InvariantCulture)} {name}";
    }

    /// <summary>A percentile as a field's name: <c>p95</c>, <c>p99.9</c>.</summary>
    public static string FormatPercentile(double percentile) => "p" + percentile.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>A text cut short enough to stand in a message.</summary>
    public static string Excerpt(string text)
    {
        var line = text.ReplaceLineEndings(" ");
        return line.Length <= 40 ? line : line[..39] + "…";
    }

    private static Parsed<long> WithUnit(string text, string what, (string Name, decimal Factor)[] units, string example, string usual, string all)
    {
        var (amount, unit) = Split(text);
        if (amount is not { } number)
            return new(null, $"'{Excerpt(text)}' is not {what}; write one like {example}");
        if (unit.Length == 0)
            return new(null, $"{text} has no unit; write '{text} {usual}'", $"{text} {usual}");

        var factor = units.FirstOrDefault(u => u.Name == unit).Factor;
        if (factor == 0)
        {
            var near = Array.Find(units, u => string.Equals(u.Name, unit, StringComparison.OrdinalIgnoreCase)).Name;
            var hint = near is null ? $"expected one of {all}" : $"did you mean '{near}'?";
            return new(null, $"'{Excerpt(unit)}' is no unit of {what}; {hint}", near);
        }

        return Math.Abs(number) > long.MaxValue / factor
            ? new(null, $"{Excerpt(text)} is more than can be held")
            : new((long)Math.Round(number * factor, MidpointRounding.AwayFromZero));
    }

    private static (decimal? Amount, string Unit) Split(string text)
    {
        var end = text.AsSpan().LastIndexOfAny("0123456789.");
        return (Amount(text[..(end + 1)]), text[(end + 1)..].Trim());
    }

    private static decimal? Amount(string text) =>
        decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var amount) ? amount : null;
}
