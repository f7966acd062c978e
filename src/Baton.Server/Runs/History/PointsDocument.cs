using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Http;

namespace Baton.Server.Runs.History;

/// <summary>Reads <c>{"points": [{"key", "step", "time", "value" or "text"}]}</c>; the first fault is told with its place.</summary>
internal sealed class PointsDocument
{
    private const int MostPoints = 100_000;
    private const int MaxText = 100_000;
    private const decimal LatestMillis = 253_402_300_799_999m;

    private readonly Dictionary<string, LogKey> _known = new(StringComparer.Ordinal);
    private readonly ProjectKeys _keys;

    private PointsDocument(ProjectKeys keys) => _keys = keys;

    /// <summary>Points of numbers.</summary>
    public MetricRows Numbers { get; } = new();

    /// <summary>Keys of <see cref="Texts"/>, one for each.</summary>
    public List<LogKey> TextKeys { get; } = [];

    /// <summary>Points of texts, each only once.</summary>
    public List<TextPoint> Texts { get; } = [];

    public static PointsDocument Read(byte[] body, ProjectKeys keys)
    {
        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { AllowDuplicateProperties = false });
            if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("points", out var points)
                || points.ValueKind != JsonValueKind.Array)
                throw Refusal.Invalid("The body has no 'points': expected {\"points\": [{\"key\": \"loss\", \"step\": 0.5, \"time\": 1795446216889, \"value\": 0.25}]}.");
            if (points.GetArrayLength() > MostPoints)
                throw Refusal.Invalid($"The body has {points.GetArrayLength()} points; at most {MostPoints} are taken at once. Send them in parts.");
            var read = new PointsDocument(keys);
            var place = 0;
            foreach (var point in points.EnumerateArray())
                read.Add(point, place++);
            return read;
        }
        catch (JsonException bad)
        {
            throw Refusal.Invalid($"The body is no JSON: {bad.Message}");
        }
        catch (InvalidOperationException)
        {
            throw Refusal.Invalid("The body holds half a character (a lone surrogate), which is no text.");
        }
    }

    private void Add(JsonElement point, int place)
    {
        if (point.ValueKind != JsonValueKind.Object)
            throw Fault(place, "", "it is no object");
        var key = KeyOf(point, place);
        var step = StepOf(point, place);
        var at = TimeOf(point, place);
        var (hasValue, hasText) = (point.TryGetProperty("value", out var value), point.TryGetProperty("text", out var text));
        if (hasValue == hasText)
            throw Fault(place, "", "expected either 'value', a number, or 'text'");
        if (hasValue)
            Numbers.Add(key, RealOf(value, place), at, step.Whole, step.Millionths);
        else
            AddText(key, at, step, text, place);
    }

    private void AddText(LogKey key, long at, DecimalStep step, JsonElement element, int place)
    {
        if (element.ValueKind != JsonValueKind.String)
            throw Fault(place, ".text", "expected a text");
        var text = element.GetString()!;
        if (text.Contains('\0'))
            throw Fault(place, ".text", "it holds a NUL character");
        if (text.IsLongerThan(MaxText))
            throw Fault(place, ".text", $"it is longer than {MaxText} characters");
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        TextKeys.Add(key);
        Texts.Add(new TextPoint(new TextPlace(at, step, digest), text));
    }

    private LogKey KeyOf(JsonElement point, int place)
    {
        if (!point.TryGetProperty("key", out var element) || element.ValueKind != JsonValueKind.String || element.GetString() is not { Length: > 0 } text)
            throw Fault(place, ".key", "expected a text that is not empty");
        if (_known.TryGetValue(text, out var known))
            return known;
        KeyRule.Check(text, $"points[{place}].key", $"points[{place}].key");
        return _known[text] = _keys.Of(text);
    }

    private static DecimalStep StepOf(JsonElement point, int place)
    {
        if (!point.TryGetProperty("step", out var element))
            return new DecimalStep(0, 0);
        return TextOf(element) is { } text && DecimalStep.TryParse(text, out var step)
            ? step
            : throw Fault(place, ".step", "expected a number with at most six decimals, as a number or a text, between -2^63 and 2^63");
    }

    private static long TimeOf(JsonElement point, int place) =>
        point.TryGetProperty("time", out var element) && TextOf(element) is { } text
        && decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var millis)
        && millis is >= 0 and <= LatestMillis && millis * 1000 == decimal.Floor(millis * 1000)
            ? (long)(millis * 1000)
            : throw Fault(place, ".time", "expected milliseconds since 1970, up to the year 9999, with at most three decimals");

    private static double RealOf(JsonElement element, int place) => element.ValueKind switch
    {
        JsonValueKind.Number => element.GetDouble(),
        JsonValueKind.String when double.TryParse(element.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
        _ => throw Fault(place, ".value", "expected a number, or one of the texts NaN, Infinity, -Infinity"),
    };

    /// <summary>A number as it is written, be it a JSON number or a text of one.</summary>
    private static string? TextOf(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Number => element.GetRawText(),
        JsonValueKind.String => element.GetString(),
        _ => null,
    };

    private static Refusal Fault(int place, string field, string what) =>
        Refusal.Invalid(string.Create(CultureInfo.InvariantCulture, $"points[{place}]{field}: {what}. Nothing was stored."));
}
