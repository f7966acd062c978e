using Baton.Server.Platform.Http;

namespace Baton.Server.Platform.Search;

/// <summary>MLflow's view types: what is active, what is deleted, or all.</summary>
internal static class Lifecycle
{
    /// <summary>The stage asked for; null for all.</summary>
    public static string? Of(MlflowRequest request, string parameter) => request.Choice(parameter, 1, "ACTIVE_ONLY", "DELETED_ONLY", "ALL") switch
    {
        "ALL" => null,
        "DELETED_ONLY" => "deleted",
        _ => "active",
    };
}
