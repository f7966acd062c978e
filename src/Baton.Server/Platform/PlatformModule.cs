using System.Reflection;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Events;
using Baton.Server.Platform.Ids;
using Baton.Server.Platform.Jobs;
using Baton.Server.Platform.Ledger;
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
        services.TryAddSingleton<JobSignal>();
        services.TryAddSingleton<JobQueue>();
        services.AddHostedService<EventDelivery>();
        return services;
    }

    public static void MapPlatform(this IEndpointRouteBuilder routes)
    {
        ReadLedger.Map(routes);
        routes.MapJobs();
        routes.MapGet("/health", () => Results.Text("OK")).Requires(Permission.Anyone);
        routes.MapGet("/version", () => Results.Text(Version)).Requires(Permission.Anyone);
    }

    /// <summary>Baton's version.</summary>
    public static string Version { get; } =
        typeof(PlatformModule).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
}
