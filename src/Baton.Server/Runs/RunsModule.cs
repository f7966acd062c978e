using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Baton.Server.Runs;

/// <summary>The two doors of the leg.</summary>
internal static class RunsModule
{
    public static IServiceCollection AddRuns(this IServiceCollection services)
    {
        services.TryAddSingleton<RunsStore>();
        services.TryAddSingleton<CreateExperiment>();
        services.TryAddSingleton<ReadExperiments>();
        services.TryAddSingleton<CreateRun>();
        services.TryAddSingleton<ReadRuns>();
        services.TryAddSingleton<UpdateRun>();
        services.TryAddSingleton<LogToRun>();
        services.TryAddSingleton<LogInputs>();
        return services;
    }

    public static void MapRuns(this IEndpointRouteBuilder routes)
    {
        CreateExperiment.Map(routes);
        ReadExperiments.Map(routes);
        CreateRun.Map(routes);
        ReadRuns.Map(routes);
        UpdateRun.Map(routes);
        LogToRun.Map(routes);
        LogInputs.Map(routes);
    }
}
