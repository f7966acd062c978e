using Baton.Server.Runs;
using Baton.Storage;
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
        services.AddHttpContextAccessor();
        services.TryAddSingleton<ArtifactPlaces>();
        services.TryAddSingleton(provider => new PartialFiles(provider.GetRequiredService<BlobStore>()));
        services.TryAddSingleton<PutArtifact>();
        services.TryAddSingleton<DeleteArtifact>();
        services.TryAddSingleton<UploadSmallArtifact>();
        services.TryAddSingleton<ResumableUpload>();
        services.TryAddSingleton<MultipartUpload>();
        services.TryAddSingleton<SweepUploads>();
        services.TryAddSingleton<PurgeStore>();
        services.TryAddSingleton<PurgeDeleted>();
        services.TryAddSingleton<CollectGarbage>();
        services.AddHostedService<UploadUpkeep>();
        services.TryAddSingleton<GetArtifact>();
        services.TryAddSingleton<ListRunArtifacts>();
        services.TryAddSingleton<LoggedModelArtifacts>();
        services.TryAddSingleton<SealArtifacts>();
        services.TryAddSingleton<CopyOuterFiles>();
        return services;
    }

    public static void MapArtifacts(this IEndpointRouteBuilder routes)
    {
        PutArtifact.Map(routes);
        DeleteArtifact.Map(routes);
        GetArtifact.Map(routes);
        UploadSmallArtifact.Map(routes);
        PresignedUrls.Map(routes);
        ResumableUpload.Map(routes);
        MultipartUpload.Map(routes);
        CollectGarbage.Map(routes);
        ListRunArtifacts.Map(routes);
        LoggedModelArtifacts.Map(routes);
        GetBlob.Map(routes);
    }
}
