using System.Globalization;
using Baton.Storage.Tables;

namespace Baton.Verification.Datasets;

/// <summary>Makes typed columns of cells: of texts whose type has to be told from all of them, or of values that have one.</summary>
internal static class Cells
{
    private static readonly string[] Times = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd HH:mm:ssK"];

    /// <summary>
    /// A column of texts as the narrowest type that holds all of them: booleans, whole numbers, numbers, dates, times (UTC), else text. Empty cells are
    /// absent values; <c>007</c> stays text, since a number would lose its noughts.
    /// </summary>
    public static Column OfTexts(string name, IReadOnlyList<string> texts)
    {
        var nulls = texts.Any(t => t.Length == 0) ? texts.Select(t => t.Length == 0).ToArray() : null;
        return nulls is not null && nulls.All(n => n) ? new Column(name, new double[texts.Count], nulls)
            : (Try(texts, Bool) ?? Try(texts, Whole) ?? Try(texts, Number) ?? Try(texts, Date) ?? Try(texts, Time)) is { } values ? new Column(name, values, nulls)
            : new Column(name, texts.ToArray(), nulls);
    }

    /// <summary>A column of values: bool, long, double, string, null for absent. Whole numbers and numbers together are numbers.</summary>
    /// <exception cref="InvalidTableException">Values of other types stand in one column; names the row.</exception>
    public static Column OfValues(string name, IReadOnlyList<object?> values)
    {
        var first = values.FirstOrDefault(v => v is not null);
        var number = values.Any(v => v is double);
        var nulls = values.Any(v => v is null) ? values.Select(v => v is null).ToArray() : null;
        for (var row = 0; row < values.Count; row++)
        {
            if (values[row] is { } value && Kind(value) != Kind(first!))
                throw Fault(name, row, $"holds {Told(value)}, and the rows before it hold {Kind(first!)}s");
        }

        return first switch
        {
            bool => new Column(name, values.Select(v => v is true).ToArray(), nulls),
            string => new Column(name, values.Select(v => v as string ?? "").ToArray(), nulls),
            long when !number => new Column(name, values.Select(v => v is long whole ? whole : 0).ToArray(), nulls),
            _ => new Column(name, values.Select(v => v is long whole ? whole : v is double n ? n : 0).ToArray(), nulls),
        };
    }

    /// <summary>A fault of a cell.</summary>
    /// <param name="column">Column.</param>
    /// <param name="row">Row, from 0; it is told from 1.</param>
    /// <param name="what">What the row is like, after its place.</param>
    public static InvalidTableException Fault(string column, long row, string what) =>
        new(string.Create(CultureInfo.InvariantCulture, $"Row {row + 1}, column '{column}' {what}."));

    private static string Kind(object value) => value switch { bool => "boolean", string => "text", _ => "number" };

    private static string Told(object value) => value is string text ? $"the text '{(text.Length > 40 ? text[..40] + "…" : text)}'" : $"the {Kind(value)} {Convert.ToString(value, CultureInfo.InvariantCulture)}";

    private static Array? Try<T>(IReadOnlyList<string> texts, Func<string, T?> read)
        where T : struct
    {
        var values = new T[texts.Count];
        for (var i = 0; i < values.Length; i++)
        {
            if (texts[i].Length == 0)
                continue;
            if (read(texts[i]) is not { } value)
                return null;
            values[i] = value;
        }

        return values;
    }

    private static bool? Bool(string text) => text switch { "true" or "True" or "TRUE" => true, "false" or "False" or "FALSE" => false, _ => null };

    private static long? Whole(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value.ToString(CultureInfo.InvariantCulture) == text ? value : null;

    private static double? Number(string text) =>
        text is "nan" or "NaN" or "NAN" ? double.NaN
        : text is "inf" or "Infinity" ? double.PositiveInfinity
        : text is "-inf" or "-Infinity" ? double.NegativeInfinity
        : !(text.Length > 1 && text[0] == '0' && char.IsAsciiDigit(text[1])) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value
        : null;

    private static DateOnly? Date(string text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date : null;

    private static DateTime? Time(string text) => DateTime.TryParseExact(
        text, Times, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out var time) ? time : null;
}
