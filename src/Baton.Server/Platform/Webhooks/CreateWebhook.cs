using Baton.Server.Platform.Access;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ids;
using Baton.Server.Platform.Ledger;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Platform.Webhooks;

/// <summary>Has an address told of events from now on.</summary>
internal sealed class CreateWebhook(Writes writes, WebhooksStore store, WebhookTarget target, WebhookSecrets secrets, IdSource ids)
{
    public async Task<Webhook> HandleAsync(Caller caller, Request request, CancellationToken cancellation)
    {
        var name = WebhookRules.Name(request.Name);
        var events = WebhookRules.Events(request.Events);
        var status = request.Status is null ? Webhook.Active : WebhookRules.Status(request.Status);
        var url = await target.CheckAsync(request.Url, cancellation);
        var id = ids.Dashed();
        var secret = string.IsNullOrEmpty(request.Secret) ? null : await secrets.EncryptAsync(id, request.Secret);
        return await writes.RunAsync(caller, async change =>
        {
            var webhook = new Webhook
            {
                Project = change.Project,
                WebhookId = id,
                Name = name,
                Description = request.Description,
                Url = url,
                Events = events,
                Status = status,
                Secret = secret,
                CreatedAt = change.Now,
                UpdatedAt = change.Now,
            };
            await store.InsertAsync(change, webhook);
            await change.RecordAsync("webhook.created", webhook.Subject, WebhookDetail.Of(webhook));
            return webhook;
        }, cancellation);
    }

    public static void Map(IEndpointRouteBuilder routes) => routes.MapMlflow("POST", "webhooks", Permission.WriteWebhooks, async (
        MlflowRequest request, Caller caller, CreateWebhook create, CancellationToken cancellation) =>
    {
        var asked = new Request(request.Required("name"), request.Optional("url") ?? throw request.Missing("url"), EventsOf(request))
        {
            Description = request.Optional("description"),
            Secret = request.Optional("secret"),
            Status = request.Optional("status"),
        };
        return MlflowAnswer.Of(new { Webhook = MlflowWebhook.Of(await create.HandleAsync(caller, asked, cancellation)) });
    });

    internal static IReadOnlyList<WebhookEvent> EventsOf(MlflowRequest request) =>
        [.. request.Objects("events").Select(e => WebhookEvent.Parse(e.RequiredNameOrNumber("entity"), e.RequiredNameOrNumber("action")))];

    public sealed record Request(string Name, string Url, IReadOnlyList<WebhookEvent> Events)
    {
        public string? Description { get; init; }

        public string? Secret { get; init; }

        public string? Status { get; init; }
    }
}

/// <summary>What the ledger says of a webhook. A URL's path can be a password, so only its host is told.</summary>
internal sealed record WebhookDetail(string Name, string Host, IReadOnlyList<string> Events, string Status, bool Signed)
{
    public static WebhookDetail Of(Webhook w) => new(w.Name, new Uri(w.Url).Host, [.. w.Events.Select(e => e.Name)], w.Status, w.Secret is not null);
}
