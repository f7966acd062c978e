using Baton.Server.Platform.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Platform.Http;

/// <summary>How legs map their routes.</summary>
internal static class Routes
{
    /// <summary>Maps a route; its handler is bound to its parameters at the first request.</summary>
    public static IEndpointConventionBuilder MapRoute(this IEndpointRouteBuilder routes, string pattern, IEnumerable<string> verbs, Delegate handler) =>
        LateHandler.Map(routes, pattern, verbs, handler);

    /// <summary>Maps one of MLflow's routes under both prefixes it is known by: clients' <c>/api</c> and the browser's <c>/ajax-api</c>.</summary>
    public static void MapMlflow(this IEndpointRouteBuilder routes, string verb, string path, Permission permission, Delegate handler)
    {
        foreach (var prefix in (ReadOnlySpan<string>)["/api/2.0/mlflow/", "/ajax-api/2.0/mlflow/"])
            routes.MapRoute(prefix + path, [verb], handler).Requires(permission);
    }

    /// <summary>Maps one of MLflow's routes that makes something, by exactly one write: it takes an <c>Idempotency-Key</c>.</summary>
    public static void MapMlflowOnce(this IEndpointRouteBuilder routes, string verb, string path, Permission permission, Delegate handler)
    {
        foreach (var prefix in (ReadOnlySpan<string>)["/api/2.0/mlflow/", "/ajax-api/2.0/mlflow/"])
            routes.MapRoute(prefix + path, [verb], handler).Requires(permission).WithMetadata(new OnceRoute(path));
    }

    /// <summary>Maps one of MLflow's routes that only its browser pages know: under <c>/ajax-api</c> alone.</summary>
    public static void MapAjax(this IEndpointRouteBuilder routes, string verb, string path, Permission permission, Delegate handler) =>
        routes.MapRoute("/ajax-api/2.0/mlflow/" + path, [verb], handler).Requires(permission);

    /// <summary>Maps a route of Baton's own API.</summary>
    public static void MapV1(this IEndpointRouteBuilder routes, string verb, string path, Permission permission, Delegate handler) =>
        routes.MapRoute("/api/v1/" + path, [verb], handler).Requires(permission);

    /// <summary>Throws, naming them, where mapped routes carry no permission: closed by default.</summary>
    public static void CheckPermissions(this IEndpointRouteBuilder routes)
    {
        var open = routes.DataSources.SelectMany(s => s.Endpoints).Where(e => e.Metadata.GetMetadata<Permission>() is null).Select(e => e.DisplayName).ToList();
        if (open.Count > 0)
            throw new InvalidOperationException($"These routes carry no permission, so the server does not start: {string.Join(", ", open)}.");
    }

    /// <summary>Reads a text body of at most <paramref name="limit"/> bytes, UTF-8.</summary>
    public static async Task<string> ReadTextAsync(this HttpRequest request, int limit, CancellationToken cancellation) =>
        System.Text.Encoding.UTF8.GetString(await request.ReadBytesAsync(limit, cancellation));

    /// <summary>Reads a body of at most <paramref name="limit"/> bytes.</summary>
    public static async Task<byte[]> ReadBytesAsync(this HttpRequest request, int limit, CancellationToken cancellation)
    {
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(buffer, cancellation)) > 0)
        {
            if (body.Length + read > limit)
                throw new Errors.Refusal(Errors.ProblemCode.TooLarge, $"The body is larger than {limit} bytes, the most this route takes.");
            body.Write(buffer, 0, read);
        }

        return body.ToArray();
    }
}
