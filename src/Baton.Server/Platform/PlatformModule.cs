using System.Reflection;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Comments;
using Baton.Server.Platform.Events;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ids;
using Baton.Server.Platform.Jobs;
using Baton.Server.Platform.Ledger;
using Baton.Server.Platform.Webhooks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Baton.Server.Platform;

/// <summary>What all legs need: the two doors.</summary>
internal static class PlatformModule
{
    public static IServiceCollection AddPlatform(this IServiceCollection services)
    {
        services.TryAddSingleton<IdSource>();
        services.TryAddSingleton<EventSignal>();
        services.TryAddSingleton<Writes>();
        services.TryAddSingleton<ReadLedger>();
        services.TryAddSingleton<ReadLedgerBackwards>();
        services.TryAddSingleton<JobSignal>();
        services.TryAddSingleton<JobQueue>();
        services.TryAddSingleton<OutboxStore>();
        services.TryAddSingleton<ParkedEvents>();
        services.AddHostedService<EventDelivery>();
        services.AddHostedService<OutboxUpkeep>();
        services.AddWebhooks();
        services.AddComments();
        services.AddHostedService<OnceKeyUpkeep>();
        return services;
    }

    public static void MapPlatform(this IEndpointRouteBuilder routes)
    {
        ReadLedger.Map(routes);
        ParkedEvents.Map(routes);
        routes.MapWebhooks();
        routes.MapComments();
        routes.MapServerInfo();
        routes.MapRefused();
        routes.MapJobs();
        routes.MapRoute("/health", ["GET"], () => Results.Text("OK")).Requires(Permission.Anyone);
        routes.MapRoute("/version", ["GET"], () => Results.Text(Version)).Requires(Permission.Anyone);
    }

    /// <summary>Baton's version.</summary>
    public static string Version { get; } =
        typeof(PlatformModule).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
}
