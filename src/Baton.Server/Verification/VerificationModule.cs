using Baton.Server.Handoff;
using Baton.Server.Platform.Comments;
using Baton.Server.Platform.Events;
using Baton.Server.Platform.Jobs;
using Baton.Server.Platform.References;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Baton.Server.Verification;

/// <summary>The two doors of the leg.</summary>
internal static class VerificationModule
{
    public static IServiceCollection AddVerification(this IServiceCollection services)
    {
        services.TryAddSingleton<VerificationStore>();
        services.TryAddSingleton<StartVerification>();
        services.TryAddSingleton<ReadVerifications>();
        services.TryAddSingleton<Staleness>();
        services.TryAddSingleton<PutHoldout>();
        services.TryAddSingleton<IMeasuredClauses, MeasuredClauses>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ICommentable, CommentedEvidence>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IBlobGuard, GuardHoldouts>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IJobKind, VerificationJobs>());
        services.AddSingleton<IEventSubscriber>(provider => provider.GetRequiredService<StartVerification>());
        return services;
    }

    public static void MapVerification(this IEndpointRouteBuilder routes)
    {
        StartVerification.Map(routes);
        ReadVerifications.Map(routes);
        PutHoldout.Map(routes);
    }
}
