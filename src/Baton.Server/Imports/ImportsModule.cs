using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Baton.Server.Imports;

/// <summary>The two doors of the room.</summary>
internal static class ImportsModule
{
    public static IServiceCollection AddImports(this IServiceCollection services)
    {
        services.TryAddSingleton<ImportsStore>();
        services.TryAddSingleton<ReadImported>();
        services.TryAddSingleton<ImportExperiment>();
        services.TryAddSingleton<ImportRuns>();
        services.TryAddSingleton<ImportPoints>();
        services.TryAddSingleton<ImportLoggedModels>();
        services.TryAddSingleton<ImportModel>();
        services.TryAddSingleton<ImportVersion>();
        services.TryAddSingleton<MarkFiles>();
        return services;
    }

    public static void MapImports(this IEndpointRouteBuilder routes)
    {
        ReadImported.Map(routes);
        ImportExperiment.Map(routes);
        ImportRuns.Map(routes);
        ImportPoints.Map(routes);
        ImportLoggedModels.Map(routes);
        ImportModel.Map(routes);
        ImportVersion.Map(routes);
        MarkFiles.Map(routes);
    }
}
