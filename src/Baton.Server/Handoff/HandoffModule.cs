using Baton.Server.Platform.Comments;
using Baton.Server.Platform.References;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Baton.Server.Handoff;

/// <summary>The two doors of the leg.</summary>
internal static class HandoffModule
{
    public static IServiceCollection AddHandoff(this IServiceCollection services)
    {
        services.TryAddSingleton<HandoffStore>();
        services.TryAddSingleton<ProposeContract>();
        services.TryAddSingleton<SignContract>();
        services.TryAddSingleton<RejectContract>();
        services.TryAddSingleton<Sides>();
        services.TryAddSingleton<SetHandoffPolicy>();
        services.TryAddSingleton<OfferClause>();
        services.TryAddSingleton<DecideOffer>();
        services.TryAddSingleton<ReadOffers>();
        services.TryAddSingleton<ReadContracts>();
        services.TryAddSingleton<SubmitClaims>();
        services.TryAddSingleton<ReadClaims>();
        services.TryAddSingleton<SubmitHandoff>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IVersionHolder, ClaimedVersions>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IModelHolder, ContractedModels>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ICommentable, CommentedContracts>());
        return services;
    }

    public static void MapHandoff(this IEndpointRouteBuilder routes)
    {
        ProposeContract.Map(routes);
        SignContract.Map(routes);
        RejectContract.Map(routes);
        SetHandoffPolicy.Map(routes);
        OfferClause.Map(routes);
        DecideOffer.Map(routes);
        ReadOffers.Map(routes);
        ReadContracts.Map(routes);
        SubmitClaims.Map(routes);
        ReadClaims.Map(routes);
        SubmitHandoff.Map(routes);
    }
}
