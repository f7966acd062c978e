using System.Globalization;

namespace Baton.Contracts.Reports;

/// <summary>How reports write verdicts, evidence and numbers for people.</summary>
public static class Wording
{
    /// <summary>E.g. <c>not run</c>.</summary>
    public static string Of(Verdict verdict) => verdict switch
    {
        Verdict.Pass => "pass",
        Verdict.Fail => "fail",
        Verdict.Inconclusive => "inconclusive",
        _ => "not run",
    };

    /// <summary>A rung of the evidence ladder, e.g. <c>re-executed</c>.</summary>
    public static string Of(EvidenceLevel level) => level == EvidenceLevel.ReExecuted ? "re-executed" : level.ToString().ToLowerInvariant();

    /// <summary>One sign for a verdict.</summary>
    public static string Mark(Verdict verdict) => verdict switch
    {
        Verdict.Pass => "✔",
        Verdict.Fail => "✘",
        Verdict.Inconclusive => "?",
        _ => "-",
    };

    /// <summary>A number as short as it can be without hiding what matters: four decimals below ten, fewer above, whole numbers in full.</summary>
    public static string Number(double value)
    {
        var size = Math.Abs(value);
        var format = value == Math.Truncate(value) && size < 1e15 ? "#,##0"
            : size >= 1000 ? "#,##0"
            : size >= 100 ? "0.0"
            : size >= 10 ? "0.0#"
            : size >= 0.001 ? "0.00##"
            : "0.###e+0";
        return value.ToString(format, CultureInfo.InvariantCulture);
    }

    /// <summary>A measured quantity to about three digits; more would be noise.</summary>
    public static string Rounded(double value)
    {
        var size = Math.Abs(value);
        return value.ToString(size >= 100 ? "#,##0" : size >= 10 ? "0.0" : "0.00", CultureInfo.InvariantCulture);
    }

    /// <summary>A number in a clause's unit, without the unit: a bare number in full, a quantity rounded.</summary>
    public static string Plain(double value, string unit) => unit is "" or "share of rows" ? Number(value) : Rounded(value);

    /// <summary>A reading with its unit; a digest cut short; <c>-</c> for none.</summary>
    public static string Value(Reading? reading, string unit) => reading switch
    {
        null => "-",
        { Number: { } number } => unit is "" or "share of rows" ? Number(number) : $"{Rounded(number)} {unit}",
        { Text: var text } when Digests.IsDigest(text) => Digests.Short(text!),
        _ => reading.Text!,
    };

    /// <summary>The measured value and its interval: <c>0.6534 [0.6301, 0.6767]</c>; <c>the same</c> for a text as claimed.</summary>
    public static string Measured(ClauseResult clause) =>
        clause.Measured is { Text: not null } && clause.Measured == clause.Claimed ? "the same"
        : clause.Interval is { } interval
            ? $"{Value(clause.Measured, clause.Unit)} [{Plain(interval.Low, clause.Unit)}, {Plain(interval.High, clause.Unit)}]"
        : Value(clause.Measured, clause.Unit);

    /// <summary>An instant, to the second, UTC.</summary>
    public static string At(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>The machine in one line.</summary>
    public static string Of(Machine machine) =>
        $"{machine.Cpu}, {Number(machine.Cores)} cores, {Number(machine.MemoryBytes / (double)(1L << 30))} GiB, {machine.OperatingSystem}, {machine.Runtime}";

    /// <summary>How many more samples would likely decide: <c>about 40 more days would likely decide</c>.</summary>
    internal static string Of(MoreNeeded more) => $"about {Number(more.Count)} more {Units(more.Unit)} would likely decide";

    // A unit is a plural, or the column that rows are grouped by.
    private static string Units(string unit) => unit is "date" or "day" ? "days" : unit.EndsWith('s') ? unit : $"groups (by {unit})";

    /// <summary>A comparison in words: <c>-0.004 [-0.01, 0.002] against version 1 (0.6551)</c>.</summary>
    internal static string Of(Comparison comparison) => string.Create(CultureInfo.InvariantCulture,
        $"{Signed(comparison.Difference)} [{Signed(comparison.Interval.Low)}, {Signed(comparison.Interval.High)}] against version {comparison.Version} ({Number(comparison.Production)})");

    private static string Signed(double value) => (value > 0 ? "+" : "") + Number(value);
}
