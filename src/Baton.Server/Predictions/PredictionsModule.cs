using Baton.Server.Platform.Jobs;
using Baton.Storage;
using Baton.Storage.Query;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Baton.Server.Predictions;

/// <summary>The two doors of the leg.</summary>
internal static class PredictionsModule
{
    public static IServiceCollection AddPredictions(this IServiceCollection services)
    {
        services.TryAddSingleton(provider => new BlobQueries(provider.GetRequiredService<BlobStore>()));
        services.TryAddSingleton<PredictionsStore>();
        services.TryAddSingleton<LoggedEndpoints>();
        services.TryAddSingleton<InspectFile>();
        services.TryAddSingleton<PutPredictionFile>();
        services.TryAddSingleton<RecordLabels>();
        services.TryAddSingleton<QueryPredictions>();
        services.TryAddSingleton<ReadPrediction>();
        services.TryAddSingleton<ReplayPrediction>();
        services.TryAddSingleton<SealLabels>();
        services.TryAddSingleton<MergeFiles>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IJobKind, ReplayJobs>());
        services.AddHostedService<LogUpkeep>();
        return services;
    }

    public static void MapPredictions(this IEndpointRouteBuilder routes)
    {
        PutPredictionFile.Map(routes);
        RecordLabels.Map(routes);
        QueryPredictions.Map(routes);
        ReadPrediction.Map(routes);
        ReplayPrediction.Map(routes);
    }
}
