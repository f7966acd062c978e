using Baton.Server.Platform.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Platform.Http;

/// <summary>How legs map their routes.</summary>
internal static class Routes
{
    /// <summary>Maps one of MLflow's routes under both prefixes it is known by: clients' <c>/api</c> and the browser's <c>/ajax-api</c>.</summary>
    public static void MapMlflow(this IEndpointRouteBuilder routes, string verb, string path, Permission permission, Delegate handler)
    {
        foreach (var prefix in (ReadOnlySpan<string>)["/api/2.0/mlflow/", "/ajax-api/2.0/mlflow/"])
            routes.MapMethods(prefix + path, [verb], handler).Requires(permission);
    }

    /// <summary>Maps a route of Baton's own API.</summary>
    public static void MapV1(this IEndpointRouteBuilder routes, string verb, string path, Permission permission, Delegate handler) =>
        routes.MapMethods("/api/v1/" + path, [verb], handler).Requires(permission);

    /// <summary>Throws, naming them, where mapped routes carry no permission: closed by default.</summary>
    public static void CheckPermissions(this IEndpointRouteBuilder routes)
    {
        var open = routes.DataSources.SelectMany(s => s.Endpoints).Where(e => e.Metadata.GetMetadata<Permission>() is null).Select(e => e.DisplayName).ToList();
        if (open.Count > 0)
            throw new InvalidOperationException($"These routes carry no permission, so the server does not start: {string.Join(", ", open)}.");
    }

    /// <summary>Reads a text body of at most <paramref name="limit"/> bytes, UTF-8.</summary>
    public static async Task<string> ReadTextAsync(this HttpRequest request, int limit, CancellationToken cancellation)
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

        return System.Text.Encoding.UTF8.GetString(body.GetBuffer(), 0, (int)body.Length);
    }
}
