using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Baton.Contracts.Language;

/// <summary>A kind of value: how it is read, written for people, written canonically, and described to editors.</summary>
internal sealed class Kind
{
    private static readonly JsonSerializerOptions Quoting = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Func<string, (object? Value, string? Fault, string? Suggestion)> _read;

    private Kind(
        Func<string, (object? Value, string? Fault, string? Suggestion)> read, Func<object, string> write, Func<object, string> canon, JsonObject schema)
    {
        _read = read;
        (Write, Canon, Schema) = (write, canon, schema);
    }

    public static Kind Number { get; } = Of<double>(Quantities.Number, Quantities.Format, Shortest, Scheme("number", "A number, e.g. 0.95."));

    public static Kind Count { get; } = Of<int>(Quantities.Count, v => v.ToString(CultureInfo.InvariantCulture), v => v.ToString(CultureInfo.InvariantCulture),
        new JsonObject { ["type"] = "integer", ["minimum"] = 0 });

    public static Kind Whole { get; } = Of<long>(Quantities.Whole, v => v.ToString(CultureInfo.InvariantCulture), v => v.ToString(CultureInfo.InvariantCulture),
        new JsonObject { ["type"] = "integer", ["minimum"] = 0 });

    public static Kind Share { get; } = Of<double>(Quantities.Share, Quantities.FormatShare, Shortest, Scheme("number", "A percentage, e.g. 95 % or 0.95.", "%$"));

    public static Kind Duration { get; } = Of<TimeSpan>(
        Quantities.Duration, Quantities.Format, v => (v.Ticks * (Int128)TimeSpan.NanosecondsPerTick).ToString(CultureInfo.InvariantCulture),
        Scheme(null, "A duration, e.g. 25 ms, 90 d.", "(d|h|min|s|ms|us|µs|μs)$"));

    public static Kind Size { get; } = Of<long>(
        Quantities.Size, Quantities.FormatSize, v => v.ToString(CultureInfo.InvariantCulture), Scheme(null, "A size, e.g. 256 MiB.", "(B|kB|KB|MB|GB|KiB|MiB|GiB)$"));

    public static Kind RequestRate { get; } = Of<double>(
        text => Quantities.Rate(text, "requests"), v => $"{Quantities.Format(v)} requests/s", Shortest, Scheme(null, "A rate, e.g. 20 requests/s.", "/s$"));

    public static Kind RowRate { get; } = Of<double>(
        text => Quantities.Rate(text, "rows"), v => $"{Quantities.Format(v)} rows/s", Shortest, Scheme(null, "A rate, e.g. 5000 rows/s.", "/s$"));

    /// <summary>How the value is written for people.</summary>
    public Func<object, string> Write { get; }

    /// <summary>How the canonical form writes it.</summary>
    public Func<object, string> Canon { get; }

    /// <summary>What JSON Schema says of it.</summary>
    public JsonObject Schema { get; }

    /// <summary>One of a few words; <c>-</c> is read as <c>_</c>.</summary>
    public static Kind Word(params string[] words) => new(
        text =>
        {
            var word = text.Replace('-', '_');
            return words.Contains(word, StringComparer.Ordinal)
                ? (word, null, null)
                : Yaml.Spelling.Nearest(text, words) is { } near
                    ? (null, $"'{Quantities.Excerpt(text)}' is not known here; did you mean '{near}'?", near)
                    : (null, $"'{Quantities.Excerpt(text)}' is not known here; expected one of {string.Join(", ", words)}", null);
        },
        v => (string)v, Quote, new JsonObject { ["enum"] = new JsonArray([.. words.Select(w => JsonValue.Create(w))]) });

    /// <summary>The value that a text holds, or what is wrong with it and what was probably meant.</summary>
    public (object? Value, string? Fault, string? Suggestion) Read(string text) => _read(text);

    /// <summary>A text as the canonical form writes it.</summary>
    public static string Quote(object text) => JsonSerializer.Serialize((string)text, Quoting);

    private static string Shortest(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    private static Kind Of<T>(Func<string, Parsed<T>> read, Func<T, string> write, Func<T, string> canon, JsonObject schema)
        where T : struct =>
        new(text => read(text) is var parsed && parsed.Fault is null ? (parsed.Value, null, null) : (null, parsed.Fault, parsed.Suggestion),
            v => write((T)v), v => canon((T)v), schema);

    private static JsonObject Scheme(string? plain, string about, string? pattern = null)
    {
        var text = new JsonObject { ["type"] = "string" };
        if (pattern is not null)
            text["pattern"] = pattern;
        return plain is null ? new JsonObject { ["type"] = "string", ["pattern"] = pattern, ["description"] = about }
            : pattern is null ? new JsonObject { ["type"] = plain, ["description"] = about }
            : new JsonObject { ["anyOf"] = new JsonArray(new JsonObject { ["type"] = plain }, text), ["description"] = about };
    }
}
