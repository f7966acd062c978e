using System.Security.Cryptography;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Ledger;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Baton.Server.Platform.Http;

/// <summary>
/// Takes the <c>Idempotency-Key</c> of a request to a route that <see cref="Routes.MapMlflowOnce"/> mapped: sent again after a lost reply, the
/// request is answered as the first time and changes nothing. <see cref="Writes"/> keeps the key in the change's own transaction.
/// </summary>
internal sealed class Idempotency(RequestDelegate next)
{
    public const string Header = "Idempotency-Key";
    public const string ReplayedHeader = "Idempotency-Replayed";
    private const int MaxKey = 255;
    private const int MaxBody = 64 * 1024 * 1024;

    public Task InvokeAsync(HttpContext context) =>
        context.Request.Headers.TryGetValue(Header, out var sent) && context.GetEndpoint()?.Metadata.GetMetadata<OnceRoute>() is { } route
            ? KeyedAsync(context, route, sent)
            : next(context);

    private async Task KeyedAsync(HttpContext context, OnceRoute route, StringValues sent)
    {
        var body = await context.Request.ReadBytesAsync(MaxBody, context.RequestAborted);
        var key = new OnceKey(Checked(sent), route.Path, Convert.ToHexStringLower(SHA256.HashData(body)));
        context.Request.Body = new MemoryStream(body, writable: false);
        context.Items[typeof(Caller)] = Caller.Of(context) with { Once = key };
        context.Response.OnStarting(() =>
        {
            if (key.IsReplayed)
                context.Response.Headers[ReplayedHeader] = "true";
            return Task.CompletedTask;
        });
        await next(context);
    }

    private static string Checked(StringValues sent) => sent is [{ Length: > 0 and <= MaxKey } key] && key.All(c => c is > ' ' and <= '~')
        ? key
        : throw Refusal.Invalid($"Invalid {Header} header: expected one key of 1 to {MaxKey} visible ASCII characters, a new one for each thing to be made.");
}

/// <summary>Marks a route that takes an <c>Idempotency-Key</c>. Its handler makes exactly one write.</summary>
/// <param name="Path">The route without its prefix: both prefixes are one route.</param>
internal sealed record OnceRoute(string Path);
