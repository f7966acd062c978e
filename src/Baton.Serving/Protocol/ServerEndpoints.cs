using Baton.Serving.Models;
using Microsoft.AspNetCore.Http;

namespace Baton.Serving.Protocol;

/// <summary>What the protocol asks of the server as a whole.</summary>
internal sealed class ServerEndpoints(EndpointTable table, OpenInferenceOptions options)
{
    private static readonly string Version = typeof(ServerEndpoints).Assembly.GetName().Version?.ToString(3) ?? "0";

    /// <summary><c>GET /v2</c>.</summary>
    public Task MetadataAsync(HttpContext context) => JsonAnswer.SendAsync(context, json =>
    {
        json.WriteString("name", "baton");
        json.WriteString("version", Version);
        json.WriteStartArray("extensions");
        json.WriteEndArray();
    });

    /// <summary><c>GET /v2/health/live</c>.</summary>
    public Task LiveAsync(HttpContext context) => JsonAnswer.SendAsync(context, json => json.WriteBoolean("live", true));

    /// <summary><c>GET /v2/health/ready</c>: whether every endpoint has a model that answers.</summary>
    public Task ReadyAsync(HttpContext context)
    {
        if (table.IsReady)
            return JsonAnswer.SendAsync(context, json => json.WriteBoolean("ready", true));
        var waiting = table.Status().Where(s => s.State != EndpointState.Ready).Select(s => $"{s.Endpoint} version {s.Version}: {s.Reason ?? "loading"}").ToList();
        throw new RequestException(
            waiting.Count == 0 ? "The node does not know yet what to serve." : $"Not every endpoint answers: {string.Join("; ", waiting)}",
            StatusCodes.Status503ServiceUnavailable, options.RetryAfter);
    }
}
