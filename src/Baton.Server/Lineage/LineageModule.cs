using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Baton.Server.Lineage;

/// <summary>The two doors of the room.</summary>
internal static class LineageModule
{
    public static IServiceCollection AddLineage(this IServiceCollection services)
    {
        services.TryAddSingleton<LineageSteps>();
        services.TryAddSingleton<ReadLineage>();
        services.TryAddSingleton<ReadModelAsOf>();
        return services;
    }

    public static void MapLineage(this IEndpointRouteBuilder routes)
    {
        ReadLineage.Map(routes);
        ReadModelAsOf.Map(routes);
    }
}
