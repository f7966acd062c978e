using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Baton.Serving.Protocol;

/// <summary>Sends JSON whole, with its length.</summary>
internal static class JsonAnswer
{
    /// <summary>How answers are written: text stays readable.</summary>
    public static JsonWriterOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Sends what a buffer holds.</summary>
    public static async Task SendAsync(HttpContext context, PooledBuffer answer)
    {
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = answer.Length;
        await context.Response.BodyWriter.WriteAsync(answer.Written, context.RequestAborted);
    }

    /// <summary>Sends one object.</summary>
    public static async Task SendAsync(HttpContext context, Action<Utf8JsonWriter> members)
    {
        using var answer = new PooledBuffer();
        using (var json = new Utf8JsonWriter(answer, Options))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        await SendAsync(context, answer);
    }
}
