using Baton.Server.Platform.References;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Baton.Server.Deployments;

/// <summary>The two doors of the leg.</summary>
internal static class DeploymentsModule
{
    public static IServiceCollection AddDeployments(this IServiceCollection services)
    {
        services.TryAddSingleton<DeploymentsStore>();
        services.TryAddSingleton<Proofs>();
        services.TryAddSingleton<EndpointGate>();
        services.TryAddSingleton<DeployVersion>();
        services.TryAddSingleton<RollBackEndpoint>();
        services.TryAddSingleton<RemoveEndpoint>();
        services.TryAddSingleton<SetLogging>();
        services.TryAddSingleton<ReadEndpoints>();
        services.TryAddSingleton<WatchDesiredState>();
        services.TryAddSingleton<ReportStatus>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IVersionHolder, ServedVersions>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IModelHolder, DeployedModels>());
        return services;
    }

    public static void MapDeployments(this IEndpointRouteBuilder routes)
    {
        DeployVersion.Map(routes);
        RollBackEndpoint.Map(routes);
        RemoveEndpoint.Map(routes);
        SetLogging.Map(routes);
        ReadEndpoints.Map(routes);
        WatchDesiredState.Map(routes);
        ReportStatus.Map(routes);
    }
}
