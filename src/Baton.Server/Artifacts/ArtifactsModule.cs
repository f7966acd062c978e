using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Baton.Server.Artifacts;

/// <summary>The two doors of the leg.</summary>
internal static class ArtifactsModule
{
    /// <summary>Prefixes of MLflow's artifact proxy.</summary>
    public static IReadOnlyList<string> Prefixes { get; } = ["/api/2.0/mlflow-artifacts", "/ajax-api/2.0/mlflow-artifacts"];

    public static IServiceCollection AddArtifacts(this IServiceCollection services)
    {
        services.TryAddSingleton<ArtifactsStore>();
        services.TryAddSingleton<PutArtifact>();
        services.TryAddSingleton<GetArtifact>();
        services.TryAddSingleton<ListRunArtifacts>();
        services.TryAddSingleton<SealArtifacts>();
        return services;
    }

    public static void MapArtifacts(this IEndpointRouteBuilder routes)
    {
        PutArtifact.Map(routes);
        GetArtifact.Map(routes);
        ListRunArtifacts.Map(routes);
        GetBlob.Map(routes);
    }
}
