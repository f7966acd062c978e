using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Baton.Server.Monitoring;

/// <summary>The two doors of the leg.</summary>
internal static class MonitoringModule
{
    public static IServiceCollection AddMonitoring(this IServiceCollection services)
    {
        services.TryAddSingleton<ReadPerformance>();
        return services;
    }

    public static void MapMonitoring(this IEndpointRouteBuilder routes) => ReadPerformance.Map(routes);
}
