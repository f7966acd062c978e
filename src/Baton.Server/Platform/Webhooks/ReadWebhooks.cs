using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Baton.Contracts;
using Baton.Database;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ids;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Platform.Webhooks;

/// <summary>Reads webhooks, newest first, and what became of what they were to be sent.</summary>
internal sealed class ReadWebhooks(BatonDatabase database, WebhooksStore store, DeliveriesStore deliveries)
{
    private const int DefaultPage = 100;
    private const int LongestPage = 1000;

    public async Task<Webhook> GetAsync(Caller caller, string id, CancellationToken cancellation) =>
        await database.ReadAsync(sql => store.FindAsync(sql, caller.Project, id), cancellation) ?? throw WebhookRules.NoWebhook(id);

    /// <summary>A page, and where the next one begins; null where it is the last.</summary>
    public async Task<(IReadOnlyList<Webhook> Page, WebhookPlace? Next)> ListAsync(Caller caller, WebhookPlace after, int limit, CancellationToken cancellation)
    {
        var found = await database.ReadAsync(sql => store.ListAsync(sql, caller.Project, after, limit + 1), cancellation);
        return found.Count <= limit ? (found, null) : ([.. found.Take(limit)], new WebhookPlace(found[limit - 1].CreatedAt, found[limit - 1].WebhookId));
    }

    /// <summary>The last deliveries of a webhook, newest first.</summary>
    public async Task<IReadOnlyList<Delivery>> DeliveriesAsync(Caller caller, string id, int limit, CancellationToken cancellation)
    {
        await GetAsync(caller, id, cancellation);
        return await database.ReadAsync(sql => deliveries.ListAsync(sql, caller.Project, id, limit), cancellation);
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMlflow("GET", "webhooks/{id}", Permission.ReadWebhooks, async (
            string id, Caller caller, ReadWebhooks read, CancellationToken cancellation) =>
            MlflowAnswer.Of(new { Webhook = MlflowWebhook.Of(await read.GetAsync(caller, id, cancellation)) }));
        routes.MapMlflow("GET", "webhooks", Permission.ReadWebhooks, async (
            MlflowRequest request, Caller caller, ReadWebhooks read, CancellationToken cancellation) =>
        {
            var limit = request.Integer("max_results") is { } asked and not 0 ? asked : DefaultPage;
            if (limit is < 1 or > LongestPage)
                throw Refusal.Invalid($"max_results must be between 1 and {LongestPage}.");
            var (page, next) = await read.ListAsync(caller, PlaceOf(request.Optional("page_token")), (int)limit, cancellation);
            return MlflowAnswer.Of(new
            {
                Webhooks = page.Select(MlflowWebhook.Of).ToList().OrNothing(),
                NextPageToken = next is null ? null : TokenOf(next),
            });
        });
        routes.MapV1("GET", "webhooks/{id}/deliveries", Permission.ReadWebhooks, async (
            string id, int? limit, Caller caller, ReadWebhooks read, CancellationToken cancellation) =>
        {
            var found = await read.DeliveriesAsync(caller, id, Math.Clamp(limit ?? DefaultPage, 1, LongestPage), cancellation);
            return Results.Json(new Listing([.. found.Select(DeliveryView.Of)]), Documents.Compact);
        });
    }

    private static string TokenOf(WebhookPlace place) =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{place.CreatedAt} {place.Id}")));

    private static WebhookPlace PlaceOf(string? token)
    {
        if (string.IsNullOrEmpty(token))
            return WebhookPlace.Start;
        if (Base64Url.IsValid(token)
            && Encoding.UTF8.GetString(Base64Url.DecodeFromChars(token)).Split(' ') is [var at, var id]
            && long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var createdAt))
            return new WebhookPlace(createdAt, id);
        throw Refusal.Invalid("Invalid page token, it is none that a list of webhooks gave: repeat the next_page_token of the page before.");
    }

    private sealed record Listing(IReadOnlyList<DeliveryView> Deliveries);

    private sealed record DeliveryView(
        string DeliveryId, string Event, string State, long Attempts, DateTimeOffset QueuedAt, DateTimeOffset? NextAt, DateTimeOffset? SettledAt, long? Status, string? Error)
    {
        public static DeliveryView Of(Delivery d) => new(
            d.DeliveryId, d.Event, d.State, d.Attempts, Instants.FromMicros(d.QueuedAt), Instants.FromMicros(d.NextAt), Instants.FromMicros(d.SettledAt), d.StatusCode, d.Error);
    }
}
