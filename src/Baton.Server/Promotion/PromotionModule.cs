using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Baton.Server.Promotion;

/// <summary>The two doors of the leg.</summary>
internal static class PromotionModule
{
    public static IServiceCollection AddPromotion(this IServiceCollection services)
    {
        services.TryAddSingleton<PromotionStore>();
        services.TryAddSingleton<WaiveClause>();
        services.TryAddSingleton<Gate>();
        services.TryAddSingleton<PromoteVersion>();
        services.TryAddSingleton<ReadStages>();
        return services;
    }

    public static void MapPromotion(this IEndpointRouteBuilder routes)
    {
        PromoteVersion.Map(routes);
        WaiveClause.Map(routes);
        ReadStages.Map(routes);
    }
}
