using System.Globalization;

namespace Baton.Verification.Clauses;

/// <summary>Numbers and lists as they stand in sentences.</summary>
internal static class Phrases
{
    /// <summary>A count with its noun: <c>1 file</c>, <c>12,000 rows</c>.</summary>
    public static string Count(long count, string noun) => $"{Number(count)} {noun}{(count == 1 ? "" : "s")}";

    /// <summary>A whole number with thousands apart.</summary>
    public static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A metric to four decimals, or three significant digits where it is large or tiny.</summary>
    public static string Metric(double value) => Math.Abs(value) is (>= 1e-3 and < 100) or 0
        ? value.ToString("0.0000", CultureInfo.InvariantCulture)
        : value.ToString("G4", CultureInfo.InvariantCulture);

    /// <summary>A bound on a metric, as it was written, with at least two decimals.</summary>
    public static string Bound(double value) => value.ToString(Math.Abs(value) is (< 1e6 and >= 1e-6) or 0 ? "0.00######" : "G6", CultureInfo.InvariantCulture);

    /// <summary>A signed metric.</summary>
    public static string Signed(double value) => (value < 0 ? "−" : "+") + Metric(Math.Abs(value));

    /// <summary>Milliseconds to three significant digits, without a decimal more than they carry.</summary>
    public static string Milliseconds(double value) => $"{Three(value)} ms";

    /// <summary>MiB to one decimal.</summary>
    public static string Mebibytes(double value) => $"{value.ToString("0.#", CultureInfo.InvariantCulture)} MiB";

    /// <summary>A size for people.</summary>
    public static string Size(long bytes) => bytes switch
    {
        < 1024 => Count(bytes, "byte"),
        < 1 << 20 => $"{Three(bytes / 1024d)} KiB",
        < 1 << 30 => $"{Three(bytes / (double)(1 << 20))} MiB",
        _ => $"{Three(bytes / (double)(1 << 30))} GiB",
    };

    /// <summary>A share as a percentage that does not round to the whole unless it is the whole.</summary>
    public static string Share(double share)
    {
        var percent = share * 100;
        var text = percent.ToString("0.##", CultureInfo.InvariantCulture);
        return (text == "100" && share < 1 ? "just under 100" : text) + " %";
    }

    /// <summary>A confidence as a percentage.</summary>
    public static string Confidence(double confidence) => $"{(confidence * 100).ToString("0.##", CultureInfo.InvariantCulture)} %";

    /// <summary>The first few names of many.</summary>
    public static string Some(IReadOnlyCollection<string> names, int shown = 5) => string.Join(", ", names.Take(shown)) + (names.Count > shown ? ", …" : "");

    /// <summary>Parts as one sentence with a capital and a full stop.</summary>
    public static string Sentence(IReadOnlyList<string> parts)
    {
        var text = string.Join("; ", parts.Take(4)) + (parts.Count > 4 ? $"; and {parts.Count - 4} more" : "");
        return char.ToUpperInvariant(text[0]) + text[1..] + ".";
    }

    private static string Three(double value) => value switch
    {
        >= 100 => value.ToString("0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.#", CultureInfo.InvariantCulture),
        >= 1 => value.ToString("0.##", CultureInfo.InvariantCulture),
        _ => value.ToString("0.###", CultureInfo.InvariantCulture),
    };
}
