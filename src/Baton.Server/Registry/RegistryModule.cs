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
        services.TryAddSingleton<UpdateModel>();
        services.TryAddSingleton<RenameModel>();
        services.TryAddSingleton<DeleteModel>();
        services.TryAddSingleton<TagModel>();
        services.TryAddSingleton<SetAlias>();
        services.TryAddSingleton<DeleteAlias>();
        services.TryAddSingleton<ResolveSource>();
        services.TryAddSingleton<RegisterVersion>();
        services.TryAddSingleton<UpdateVersion>();
        services.TryAddSingleton<DeleteVersion>();
        services.TryAddSingleton<TagVersion>();
        services.TryAddSingleton<ReadRegistry>();
        services.TryAddSingleton<SearchModels>();
        services.TryAddSingleton<SearchVersions>();
        services.TryAddSingleton<ReadVersionLinks>();
        services.TryAddSingleton<Platform.Webhooks.IPrompts, PromptNames>();
        services.TryAddSingleton<AdoptModel>();
        services.TryAddSingleton<AdoptVersion>();
        return services;
    }

    public static void MapRegistry(this IEndpointRouteBuilder routes)
    {
        RegisterModel.Map(routes);
        UpdateModel.Map(routes);
        RenameModel.Map(routes);
        DeleteModel.Map(routes);
        TagModel.Map(routes);
        SetAlias.Map(routes);
        DeleteAlias.Map(routes);
        RegisterVersion.Map(routes);
        UpdateVersion.Map(routes);
        DeleteVersion.Map(routes);
        TagVersion.Map(routes);
        ReadRegistry.Map(routes);
        GetVersionArtifact.Map(routes);
        SearchModels.Map(routes);
        SearchVersions.Map(routes);
    }
}
