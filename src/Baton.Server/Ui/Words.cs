using System.Globalization;
using Baton.Contracts;

namespace Baton.Server.Ui;

/// <summary>How values are written for people.</summary>
internal static class Words
{
    public static string Of(Verdict verdict) => verdict switch
    {
        Verdict.Pass => "pass",
        Verdict.Fail => "fail",
        Verdict.Inconclusive => "inconclusive",
        _ => "not run",
    };

    /// <summary>What an evidence level says, in a few words.</summary>
    public static string Of(EvidenceLevel level) => level switch
    {
        EvidenceLevel.Declared => "declared by its author",
        EvidenceLevel.Extracted => "read from the package",
        EvidenceLevel.Replayed => "recomputed from stored predictions",
        EvidenceLevel.ReExecuted => "model re-run",
        EvidenceLevel.Measured => "load-tested",
        _ => "observed in production",
    };

    /// <summary>A stored verdict; null where there is none.</summary>
    public static Verdict? VerdictOf(string? word) => word switch
    {
        null => null,
        "pass" => Verdict.Pass,
        "fail" => Verdict.Fail,
        "inconclusive" => Verdict.Inconclusive,
        _ => Verdict.NotRun,
    };

    /// <summary>A number as short as it can be without hiding what matters: four decimals below ten, fewer above, whole numbers in full.</summary>
    public static string Number(double value)
    {
        var size = Math.Abs(value);
        var format = size >= 1e15 ? "0.###e+0"
            : value == Math.Truncate(value) || size >= 1000 ? "#,##0"
            : size >= 100 ? "0.0"
            : size >= 10 ? "0.0#"
            : size >= 0.001 ? "0.00##"
            : "0.###e+0";
        return value.ToString(format, CultureInfo.InvariantCulture).Replace('-', '−');
    }

    /// <summary>A metric to four decimals where it is of that size, so that a value and its interval line up.</summary>
    public static string Metric(double value) =>
        Math.Abs(value) is >= 0.001 and < 10 && value != Math.Truncate(value) ? value.ToString("0.0000", CultureInfo.InvariantCulture).Replace('-', '−') : Number(value);

    /// <summary>A difference, with its sign.</summary>
    public static string Signed(double value) => value > 0 ? "+" + Metric(value) : Metric(value);

    /// <summary>A number with its unit; a share as a percentage.</summary>
    public static string Number(double value, string unit) => unit switch
    {
        "share of rows" => Share(value),
        "" => Number(value),
        _ => $"{Number(value)} {unit}",
    };

    public static string Reading(Reading? reading, string unit) => reading switch
    {
        null => "–",
        { Number: { } number } when unit.Length == 0 => Metric(number),
        { Number: { } number } => Number(number, unit),
        _ => reading.Text!,
    };

    /// <summary>Both ends of an interval.</summary>
    public static string Range(Interval interval, string unit) => unit.Length == 0
        ? $"{Metric(interval.Low)} to {Metric(interval.High)}"
        : $"{Number(interval.Low)} to {Number(interval.High)}";

    /// <summary>A share as a percentage that does not round to the whole unless it is the whole.</summary>
    public static string Share(double share)
    {
        var text = (share * 100).ToString("0.##", CultureInfo.InvariantCulture);
        return text == "100" && share < 1 ? "just under 100 %" : text + " %";
    }

    public static string Size(long bytes) => bytes switch
    {
        < 1 << 10 => Count(bytes, "byte"),
        < 1 << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024d:0.#} KiB"),
        < 1 << 30 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576d:0.#} MiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1073741824d:0.#} GiB"),
    };

    public static string Count(long count, string noun) => $"{count.ToString("N0", CultureInfo.InvariantCulture)} {noun}{(count == 1 ? "" : "s")}";

    /// <summary>How much more an undecided clause needs.</summary>
    public static string More(MoreNeeded more) => $"about {more.Count.ToString("N0", CultureInfo.InvariantCulture)} more " + more.Unit switch
    {
        "rows" or "requests" => more.Unit,
        "date" or "day" => "days",
        var column => $"groups of rows (by {column})",
    };

    public static string Took(TimeSpan time) => time.TotalSeconds switch
    {
        < 1 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0} ms"),
        < 90 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s"),
        < 5400 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{time.TotalHours:0.0} h"),
    };

    /// <summary>An actor without the kind before the name.</summary>
    public static string Actor(string actor) => actor.StartsWith("user:", StringComparison.Ordinal) ? actor["user:".Length..] : actor;

    /// <summary>A list in a sentence: <c>a, b and c</c>.</summary>
    public static string List(IReadOnlyList<string> items) =>
        items.Count < 2 ? string.Concat(items) : $"{string.Join(", ", items.SkipLast(1))} and {items[^1]}";

    public static string Capital(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];
}
