using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Baton.Server.Registry;

/// <summary>The two doors of the leg.</summary>
internal static class RegistryModule
{
    public static IServiceCollection AddRegistry(this IServiceCollection services)
    {
        services.TryAddSingleton<RegistryStore>();
        services.TryAddSingleton<RegisterModel>();
        services.TryAddSingleton<RegisterVersion>();
        services.TryAddSingleton<DeleteVersion>();
        services.TryAddSingleton<ReadRegistry>();
        return services;
    }

    public static void MapRegistry(this IEndpointRouteBuilder routes)
    {
        RegisterModel.Map(routes);
        RegisterVersion.Map(routes);
        DeleteVersion.Map(routes);
        ReadRegistry.Map(routes);
    }
}
