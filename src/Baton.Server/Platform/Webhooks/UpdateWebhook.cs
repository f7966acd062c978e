using Baton.Server.Platform.Access;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ledger;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Platform.Webhooks;

/// <summary>Changes what is given of a webhook; what is absent or empty stays.</summary>
internal sealed class UpdateWebhook(Writes writes, WebhooksStore store, WebhookTarget target, WebhookSecrets secrets)
{
    public async Task<Webhook> HandleAsync(Caller caller, string id, Request request, CancellationToken cancellation)
    {
        var name = string.IsNullOrEmpty(request.Name) ? null : WebhookRules.Name(request.Name);
        var status = string.IsNullOrEmpty(request.Status) ? null : WebhookRules.Status(request.Status);
        var url = string.IsNullOrEmpty(request.Url) ? null : await target.CheckAsync(request.Url, cancellation);
        var secret = string.IsNullOrEmpty(request.Secret) ? null : await secrets.EncryptAsync(id, request.Secret);
        return await writes.RunAsync(caller, async change =>
        {
            var before = await store.FindAsync(change.Sql, change.Project, id) ?? throw WebhookRules.NoWebhook(id);
            var after = before with
            {
                Name = name ?? before.Name,
                Description = string.IsNullOrEmpty(request.Description) ? before.Description : request.Description,
                Url = url ?? before.Url,
                Events = request.Events.Count == 0 ? before.Events : WebhookRules.Events(request.Events),
                Status = status ?? before.Status,
                Secret = secret ?? before.Secret,
                UpdatedAt = change.Now,
            };
            await store.UpdateAsync(change, after);
            await change.RecordAsync("webhook.changed", after.Subject, WebhookDetail.Of(after));
            return after;
        }, cancellation);
    }

    public static void Map(IEndpointRouteBuilder routes) => routes.MapMlflow("PATCH", "webhooks/{id}", Permission.WriteWebhooks, async (
        string id, MlflowRequest request, Caller caller, UpdateWebhook update, CancellationToken cancellation) =>
    {
        var asked = new Request(CreateWebhook.EventsOf(request))
        {
            Name = request.Optional("name"),
            Url = request.Optional("url"),
            Description = request.Optional("description"),
            Secret = request.Optional("secret"),
            Status = request.Optional("status"),
        };
        return MlflowAnswer.Of(new { Webhook = MlflowWebhook.Of(await update.HandleAsync(caller, id, asked, cancellation)) });
    });

    public sealed record Request(IReadOnlyList<WebhookEvent> Events)
    {
        public string? Name { get; init; }

        public string? Url { get; init; }

        public string? Description { get; init; }

        public string? Secret { get; init; }

        public string? Status { get; init; }
    }
}
