using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Baton.Server.Platform.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Baton.Server.Platform.Http;

/// <summary>
/// The arguments of an MLflow request: a JSON body (<see cref="MlflowBody"/>), or a query string. Lenient as MLflow is: numbers may be strings,
/// names <c>snake_case</c> or <c>lowerCamelCase</c>, unknown fields are ignored.
/// </summary>
internal sealed class MlflowRequest
{
    private const int LongestShown = 200;
    private static readonly JsonElement Empty = JsonElement.Parse("{}");

    private readonly JsonElement _body;
    private readonly IQueryCollection? _query;
    private readonly string _prefix;

    private MlflowRequest(JsonElement body, IQueryCollection? query, string prefix = "")
    {
        _body = body;
        _query = query;
        _prefix = prefix;
    }

    public static async ValueTask<MlflowRequest?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var request = context.Request;
        if (HttpMethods.IsGet(request.Method) && request.QueryString.HasValue)
            return new MlflowRequest(Empty, request.Query);
        using var body = await MlflowBody.ReadAsync(context);
        var root = body.Parse(ElementOf);
        // Where a DELETE comes without a body, its arguments may stand in the query, as proxies that drop such bodies need.
        return new MlflowRequest(root, HttpMethods.IsDelete(request.Method) && request.QueryString.HasValue && !root.EnumerateObject().Any() ? request.Query : null);
    }

    /// <summary>A string that must be there and not empty.</summary>
    public string Required(string name) => Optional(name) is { Length: > 0 } value ? value : throw Missing(name);

    /// <summary>The first of two names that is given: MLflow's clients send <c>run_id</c> and the older <c>run_uuid</c>.</summary>
    public string RequiredRunId() => Optional("run_id") is { Length: > 0 } id ? id : Optional("run_uuid") is { Length: > 0 } old ? old : throw Missing("run_id");

    public string? Optional(string name)
    {
        if (_query is not null)
            return Single(name);
        if (!TryGet(name, out var value))
            return null;
        return value.ValueKind == JsonValueKind.String ? Text(name, value) : throw WrongType(name, value);
    }

    /// <summary>Whether an argument is given, be it an empty list.</summary>
    public bool Has(string name) => _query?.ContainsKey(name) ?? TryGet(name, out _);

    /// <summary>An enumeration's value that must be there, by its name or its number; the number as digits.</summary>
    public string RequiredNameOrNumber(string name) =>
        _query is null && TryGet(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetRawText() : Required(name);

    public IReadOnlyList<string> Strings(string name)
    {
        if (_query is not null)
            return [.. Values(name).OfType<string>().Select(value => Whole(name, value)!)];
        if (!TryGet(name, out var value))
            return [];
        if (value.ValueKind != JsonValueKind.Array || value.EnumerateArray().Any(v => v.ValueKind != JsonValueKind.String))
            throw WrongType(name, value);
        return [.. value.EnumerateArray().Select(v => Text(name, v)!)];
    }

    /// <summary>An integer, as such or as text; one with a fraction or out of range is refused.</summary>
    public long? Integer(string name)
    {
        if (_query is not null)
            return Single(name) is { } text ? MlflowJson.Integer(text) ?? throw WrongText(name, text) : null;
        if (!TryGet(name, out var value))
            return null;
        return value.ValueKind switch
        {
            JsonValueKind.Number => MlflowJson.Integer(value.GetRawText()),
            JsonValueKind.String => MlflowJson.Integer(Text(name, value)!),
            _ => null,
        } ?? throw WrongType(name, value);
    }

    /// <summary>An enum's name, given by name or by number.</summary>
    /// <param name="name">The parameter.</param>
    /// <param name="first">The number of the first choice.</param>
    /// <param name="choices">The names in the order of their numbers.</param>
    public string? Choice(string name, int first, params ReadOnlySpan<string> choices)
    {
        string? given;
        if (_query is not null)
            given = Single(name);
        else if (!TryGet(name, out var value))
            given = null;
        else
            given = value.ValueKind switch
            {
                JsonValueKind.String => Text(name, value),
                JsonValueKind.Number => value.GetRawText(),
                _ => throw WrongType(name, value),
            };
        if (given is null || choices.Contains(given))
            return given;
        if (MlflowJson.Integer(given) is { } number && number >= first && number < first + choices.Length)
            return choices[(int)(number - first)];
        throw Refusal.Invalid($"Invalid value \"{Shown(given)}\" for parameter '{_prefix}{name}' supplied: expected one of {string.Join(", ", choices!)}.");
    }

    /// <summary>A boolean, as such or as text in any case (the R client sends <c>"TRUE"</c>); absent counts as false.</summary>
    public bool Flag(string name)
    {
        if (_query is not null)
            return Single(name) is { } text && ParseFlag(name, text);
        if (!TryGet(name, out var value))
            return false;
        return value.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.String => ParseFlag(name, Text(name, value)!),
            _ => throw WrongType(name, value),
        };
    }

    public double RequiredDouble(string name)
    {
        if (!TryGet(name, out var value))
            throw Missing(name);
        return value.ValueKind switch
        {
            JsonValueKind.Number => value.GetDouble(),
            JsonValueKind.True => 1,
            JsonValueKind.False => 0,
            JsonValueKind.String when MlflowJson.Real(Text(name, value)!) is { } number => number,
            _ => throw WrongType(name, value),
        };
    }

    /// <summary>An array of objects, each with the place it stands at for messages (<c>metrics[3].</c>); empty where absent.</summary>
    public IReadOnlyList<MlflowRequest> Objects(string name)
    {
        if (_query is not null || !TryGet(name, out var value))
            return [];
        if (value.ValueKind != JsonValueKind.Array || value.EnumerateArray().Any(v => v.ValueKind != JsonValueKind.Object))
            throw WrongType(name, value);
        return [.. value.EnumerateArray().Select((element, i) => new MlflowRequest(element, null, $"{_prefix}{name}[{i}]."))];
    }

    public MlflowRequest RequiredObject(string name)
    {
        if (!TryGet(name, out var value))
            throw Missing(name);
        return value.ValueKind == JsonValueKind.Object ? new MlflowRequest(value, null, $"{_prefix}{name}.") : throw WrongType(name, value);
    }

    /// <summary>Whether a parameter is given at all; null counts as not given.</summary>

    /// <summary>Pairs of <c>key</c> and <c>value</c>, as tags and params travel; the last of equal keys wins.</summary>
    public IReadOnlyDictionary<string, string> Pairs(string name)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in Objects(name))
            pairs[pair.Required("key")] = pair.Optional("value") ?? "";
        return pairs;
    }

    /// <summary>As <see cref="Pairs"/>, but a key given twice is refused.</summary>
    public IReadOnlyDictionary<string, string> UniquePairs(string name)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in Objects(name))
        {
            var key = pair.Required("key");
            if (!pairs.TryAdd(key, pair.Optional("value") ?? ""))
                throw new Refusal(ProblemCode.Duplicate, $"The key '{Shown(key)}' stands twice in '{_prefix}{name}': each may be given once.");
        }

        return pairs;
    }

    public Refusal Missing(string name) => MissingAt(_prefix + name);

    private string? Text(string name, JsonElement value)
    {
        try
        {
            return Whole(name, value.GetString());
        }
        catch (InvalidOperationException)
        {
            throw HalfCharacterAt(_prefix + name);
        }
    }

    /// <summary>PostgreSQL keeps no NUL in a text; SQLite would cut it for some readers. Neither gets one.</summary>
    private string? Whole(string name, string? text) => text is null || !text.Contains('\0') ? text : throw NulAt(_prefix + name);

    public static Refusal NulAt(string parameter) => Refusal.Invalid($"Invalid value for parameter '{parameter}' supplied: it holds a NUL character.");

    public static Refusal HalfCharacterAt(string parameter) =>
        Refusal.Invalid($"Invalid value for parameter '{parameter}' supplied: it holds half a character (a lone surrogate), which is no text.");

    private string? Single(string name) => Values(name) is { Count: > 0 } values ? Whole(name, values[^1]) : null;

    private StringValues Values(string name) =>
        _query!.TryGetValue(name, out var values) || (name.Contains('_') && _query.TryGetValue(Camel(name), out values)) ? values : StringValues.Empty;

    // protobuf's JSON takes both spellings of a field.
    private bool TryGet(string name, out JsonElement value)
    {
        try
        {
            return (_body.TryGetProperty(name, out value) || (name.Contains('_') && _body.TryGetProperty(Camel(name), out value))) && value.ValueKind != JsonValueKind.Null;
        }
        catch (InvalidOperationException)
        {
            throw Refusal.Invalid("The JSON names a field with half a character (a lone surrogate), which is no text.");
        }
    }

    private static string Camel(string name) => JsonNamingPolicy.CamelCase.ConvertName(string.Concat(name.Split('_').Select(part => part.Length == 0 ? part : char.ToUpperInvariant(part[0]) + part[1..])));

    private bool ParseFlag(string name, string text) => bool.TryParse(text, out var flag)
        ? flag
        : throw Refusal.Invalid($"Invalid value \"{Shown(text)}\" for parameter '{_prefix}{name}' supplied: it must be true or false.");

    private Refusal WrongText(string name, string text) => WrongType(_prefix + name, JsonSerializer.Serialize(Shown(text)), "str");

    private Refusal WrongType(string name, JsonElement value) => WrongType(_prefix + name, value.GetRawText(), value.ValueKind switch
    {
        JsonValueKind.Number => long.TryParse(value.GetRawText(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _) ? "int" : "float",
        JsonValueKind.True or JsonValueKind.False => "bool",
        JsonValueKind.Object => "dict",
        JsonValueKind.Array => "list",
        _ => "str",
    });

    /// <summary>MLflow's words for a value of the wrong type.</summary>
    /// <param name="parameter">Where it stands, e.g. <c>metrics[3].step</c>.</param>
    /// <param name="json">The value, as JSON.</param>
    /// <param name="type">Its type in Python's words.</param>
    public static Refusal WrongType(string parameter, string json, string type) => Refusal.Invalid(
        $"Invalid value {Shown(json)} for parameter '{parameter}' supplied:  Hint: Value was of type '{type}'. See the API docs for more information about request parameters.");

    /// <summary>MLflow's words for a value that must be there.</summary>
    public static Refusal MissingAt(string parameter) =>
        Refusal.Invalid($"Missing value for required parameter '{parameter}'. See the API docs for more information about request parameters.");

    private static string Shown(string text) => text.IsLongerThan(LongestShown) ? CodePoints.Cut(text, LongestShown) + "…" : text;

    private static JsonElement ElementOf(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json, MlflowJson.Options);
        return document.RootElement.Clone();
    }
}
