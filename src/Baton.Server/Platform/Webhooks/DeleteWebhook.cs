using Baton.Server.Platform.Access;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ledger;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Platform.Webhooks;

/// <summary>Stops telling an address anything; what is queued for it is not sent.</summary>
internal sealed class DeleteWebhook(Writes writes, WebhooksStore store)
{
    public Task HandleAsync(Caller caller, string id, CancellationToken cancellation) => writes.RunAsync(caller, async change =>
    {
        var webhook = await store.FindAsync(change.Sql, change.Project, id) ?? throw WebhookRules.NoWebhook(id);
        if (!await store.DeleteAsync(change, id))
            throw WebhookRules.NoWebhook(id);
        return await change.RecordAsync("webhook.deleted", webhook.Subject, WebhookDetail.Of(webhook));
    }, cancellation);

    public static void Map(IEndpointRouteBuilder routes) => routes.MapMlflow("DELETE", "webhooks/{id}", Permission.WriteWebhooks, async (
        string id, Caller caller, DeleteWebhook delete, CancellationToken cancellation) =>
    {
        await delete.HandleAsync(caller, id, cancellation);
        return MlflowAnswer.Empty;
    });
}
