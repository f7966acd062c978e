using Baton.Server.Platform.Events;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Baton.Server.Platform.Webhooks;

/// <summary>The two doors of the room.</summary>
internal static class WebhooksModule
{
    public static IServiceCollection AddWebhooks(this IServiceCollection services)
    {
        services.TryAddSingleton<WebhooksStore>();
        services.TryAddSingleton<DeliveriesStore>();
        services.TryAddSingleton<WebhookTarget>();
        services.TryAddSingleton<WebhookSecrets>();
        services.TryAddSingleton<WebhookCall>();
        services.TryAddSingleton<DeliverySignal>();
        services.TryAddSingleton<CreateWebhook>();
        services.TryAddSingleton<ReadWebhooks>();
        services.TryAddSingleton<UpdateWebhook>();
        services.TryAddSingleton<DeleteWebhook>();
        services.TryAddSingleton<TestWebhook>();
        services.AddSingleton<IEventSubscriber, WebhookEvents>();
        services.AddHostedService<WebhookSender>();
        return services;
    }

    public static void MapWebhooks(this IEndpointRouteBuilder routes)
    {
        CreateWebhook.Map(routes);
        ReadWebhooks.Map(routes);
        UpdateWebhook.Map(routes);
        DeleteWebhook.Map(routes);
        TestWebhook.Map(routes);
    }
}
