using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Baton.Server.Platform.Errors;
using Microsoft.AspNetCore.Http;

namespace Baton.Server.Platform.Http;

/// <summary>
/// The arguments of an MLflow request: a JSON body, or a query string. Lenient as MLflow is: numbers may be strings, an unparsable body counts as
/// empty, a JSON string holds the JSON, unknown fields are ignored.
/// </summary>
internal sealed class MlflowRequest
{
    private const int MaxBody = 64 * 1024 * 1024;
    private static readonly JsonDocument Empty = JsonDocument.Parse("{}");

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
        var fromQuery = HttpMethods.IsGet(request.Method) && request.QueryString.HasValue;
        if (fromQuery)
            return new MlflowRequest(Empty.RootElement, request.Query);
        if (HttpMethods.IsPost(request.Method) || HttpMethods.IsPut(request.Method))
            CheckContentType(request.ContentType);
        var text = await request.ReadTextAsync(MaxBody, context.RequestAborted);
        var query = HttpMethods.IsDelete(request.Method) && text.Length == 0 ? request.Query : null;
        return new MlflowRequest(Parse(text), query);
    }

    /// <summary>A string that must be there and not empty.</summary>
    public string Required(string name) => Optional(name) is { Length: > 0 } value ? value : throw Missing(name);

    /// <summary>The first of two names that is given: MLflow's clients send <c>run_id</c> and the older <c>run_uuid</c>.</summary>
    public string RequiredRunId() => Optional("run_id") is { Length: > 0 } id ? id : Optional("run_uuid") is { Length: > 0 } old ? old : throw Missing("run_id");

    public string? Optional(string name)
    {
        if (_query is not null)
            return _query.TryGetValue(name, out var values) ? Whole(name, values[^1]) : null;
        if (!TryGet(name, out var value))
            return null;
        return value.ValueKind == JsonValueKind.String ? Text(name, value) : throw WrongType(name, value);
    }

    public IReadOnlyList<string> Strings(string name)
    {
        if (_query is not null)
            return _query.TryGetValue(name, out var values) ? [.. values.OfType<string>()] : [];
        if (!TryGet(name, out var value))
            return [];
        if (value.ValueKind != JsonValueKind.Array || value.EnumerateArray().Any(v => v.ValueKind != JsonValueKind.String))
            throw WrongType(name, value);
        return [.. value.EnumerateArray().Select(v => Text(name, v)!)];
    }

    public long? Integer(string name)
    {
        if (_query is not null)
            return _query.TryGetValue(name, out var values) ? ParseInteger(name, values[^1] ?? "") : null;
        if (!TryGet(name, out var value))
            return null;
        return value.ValueKind switch
        {
            JsonValueKind.Number when value.TryGetInt64(out var integer) => integer,
            JsonValueKind.Number when value.GetDouble() is var real && Math.Floor(real) == real && Math.Abs(real) < 9e15 => (long)real,
            JsonValueKind.String => ParseInteger(name, value.GetString()!),
            _ => throw WrongType(name, value),
        };
    }

    /// <summary>A boolean, as such or as text in any case (the R client sends <c>"TRUE"</c>); absent counts as false.</summary>
    public bool Flag(string name)
    {
        if (_query is not null)
            return _query.TryGetValue(name, out var values) && ParseFlag(name, values[^1] ?? "");
        if (!TryGet(name, out var value))
            return false;
        return value.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.String => ParseFlag(name, value.GetString()!),
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
            JsonValueKind.String when value.GetString() is { } text
                && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
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

    public MlflowRequest RequiredObject(string name) =>
        TryGet(name, out var value) && value.ValueKind == JsonValueKind.Object ? new MlflowRequest(value, null, $"{_prefix}{name}.") : throw Missing(name);

    /// <summary>Pairs of <c>key</c> and <c>value</c>, as tags and params travel; the last of equal keys wins.</summary>
    public IReadOnlyDictionary<string, string> Pairs(string name)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in Objects(name))
            pairs[pair.Required("key")] = pair.Optional("value") ?? "";
        return pairs;
    }

    public Refusal Missing(string name) =>
        Refusal.Invalid($"Missing value for required parameter '{_prefix}{name}'. See the API docs for more information about request parameters.");

    private string? Text(string name, JsonElement value)
    {
        try
        {
            return Whole(name, value.GetString());
        }
        catch (InvalidOperationException)
        {
            throw Refusal.Invalid($"Invalid value for parameter '{_prefix}{name}' supplied: it holds half a character (a lone surrogate), which is no text.");
        }
    }

    /// <summary>PostgreSQL keeps no NUL in a text; SQLite would cut it for some readers. Neither gets one.</summary>
    private string? Whole(string name, string? text) => text is null || !text.Contains('\0')
        ? text
        : throw Refusal.Invalid($"Invalid value for parameter '{_prefix}{name}' supplied: it holds a NUL character.");

    private bool TryGet(string name, out JsonElement value) => _body.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null;

    private bool ParseFlag(string name, string text) => bool.TryParse(text, out var flag)
        ? flag
        : throw Refusal.Invalid($"Invalid value \"{text}\" for parameter '{_prefix}{name}' supplied: it must be true or false.");

    private long ParseInteger(string name, string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer)
            ? integer
            : throw Refusal.Invalid($"Invalid value \"{text}\" for parameter '{_prefix}{name}' supplied: it must be an integer.");

    private Refusal WrongType(string name, JsonElement value)
    {
        var python = value.ValueKind switch
        {
            JsonValueKind.Number => value.TryGetInt64(out _) ? "int" : "float",
            JsonValueKind.True or JsonValueKind.False => "bool",
            JsonValueKind.Object => "dict",
            JsonValueKind.Array => "list",
            _ => "str",
        };
        return Refusal.Invalid($"Invalid value {value.GetRawText()} for parameter '{_prefix}{name}' supplied:  Hint: Value was of type '{python}'. " +
            "See the API docs for more information about request parameters.");
    }

    private static void CheckContentType(string? contentType)
    {
        if (string.IsNullOrEmpty(contentType))
            throw Refusal.Invalid("Bad Request. Content-Type header is missing.");
        if (!contentType.Split(';')[0].Trim().Equals("application/json", StringComparison.OrdinalIgnoreCase))
            throw Refusal.Invalid("Bad Request. Content-Type must be one of ['application/json'].");
    }

    private static JsonElement Parse(string text)
    {
        try
        {
            if (text.Length == 0)
                return Empty.RootElement;
            using var document = JsonDocument.Parse(text);
            var root = document.RootElement;
            if (root.ValueKind == JsonValueKind.String)
                return Parse(root.GetString()!);
            return root.ValueKind == JsonValueKind.Object
                ? root.Clone()
                : throw Refusal.Invalid($"The body must be a JSON object; it is of kind {root.ValueKind}.");
        }
        catch (JsonException)
        {
            return Empty.RootElement;
        }
    }
}
