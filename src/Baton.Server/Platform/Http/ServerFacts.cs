using Baton.Server.Platform.Access;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Platform.Http;

/// <summary>What a client asks a server about itself before it uses workspaces, which are Baton's projects.</summary>
internal static class ServerFacts
{
    public static void MapServerInfo(this IEndpointRouteBuilder routes)
    {
        foreach (var prefix in (ReadOnlySpan<string>)["/api/3.0/mlflow/", "/ajax-api/3.0/mlflow/"])
            routes.MapRoute(prefix + "server-info", ["GET"], () => MlflowAnswer.Of(new { StoreType = "SqlStore", WorkspacesEnabled = true })).Requires(Permission.Anyone);
    }
}
