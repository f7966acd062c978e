using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;

namespace Baton.Server.Platform.Http;

/// <summary>MLflow's JSON: <c>snake_case</c>, unset fields left out, NaN and infinities as strings, always 200.</summary>
internal static class MlflowAnswer
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static IResult Empty { get; } = Results.Text("{}", "application/json");

    public static IResult Of<T>(T value) => Results.Json(value, Options);

    /// <summary>JSON that is written straight into the response.</summary>
    public static IResult Write(Action<Utf8JsonWriter> write) => new WrittenJson((json, _) =>
    {
        write(json);
        return ValueTask.CompletedTask;
    });

    /// <summary>A page of a list, as <c>{"name": [...], "next_page_token": "..."}</c>, sent while it is written; what is empty is left out.</summary>
    public static IResult WritePage<T>(string name, IReadOnlyList<T> items, Action<Utf8JsonWriter, T> write, string? nextPageToken) => new WrittenJson(async (json, flush) =>
    {
        json.WriteStartObject();
        if (items.Count > 0)
        {
            json.WriteStartArray(name);
            foreach (var item in items)
            {
                write(json, item);
                await flush();
            }

            json.WriteEndArray();
        }

        if (nextPageToken is not null)
            json.WriteString("next_page_token", nextPageToken);
        json.WriteEndObject();
    });

    /// <summary>MLflow leaves out an empty list; null does.</summary>
    public static IReadOnlyList<T>? OrNothing<T>(this IReadOnlyList<T> list) => list.Count == 0 ? null : list;
}

/// <summary>An answer that is written with a JSON writer into the response's own buffer.</summary>
internal sealed class WrittenJson(Func<Utf8JsonWriter, Func<ValueTask>, ValueTask> write) : IResult
{
    private const int FlushedAt = 64 * 1024;
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public async Task ExecuteAsync(HttpContext context)
    {
        var response = context.Response;
        response.ContentType = "application/json; charset=utf-8";
        await using var json = new Utf8JsonWriter(response.BodyWriter, Options);
        var sent = 0L;
        await write(json, async () =>
        {
            if (json.BytesCommitted + json.BytesPending - sent < FlushedAt)
                return;
            await json.FlushAsync(context.RequestAborted);
            sent = json.BytesCommitted;
        });
    }
}

/// <summary>A tag or param on the wire.</summary>
internal sealed record MlflowPair(string Key, string Value)
{
    public static IReadOnlyList<MlflowPair>? Of(IReadOnlyDictionary<string, string> pairs) =>
        pairs.Count == 0 ? null : [.. pairs.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => new MlflowPair(p.Key, p.Value))];
}
