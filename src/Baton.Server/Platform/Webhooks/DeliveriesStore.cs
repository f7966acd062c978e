using Baton.Database;
using Baton.Server.Platform.Ledger;

namespace Baton.Server.Platform.Webhooks;

/// <summary>All SQL about what webhooks are sent.</summary>
internal sealed class DeliveriesStore
{
    private const string Columns =
        "delivery_id, project, webhook_id, event, body, state, attempts, next_at, queued_at, settled_at, status_code, error";

    /// <summary>Queues an event for a webhook; once more is no change.</summary>
    public Task QueueAsync(Change change, Delivery delivery, string eventId) => change.Sql.ExecuteAsync(
        """
        INSERT INTO webhook_deliveries (delivery_id, project, webhook_id, event_id, event, body, state, attempts, next_at, queued_at)
        VALUES (@DeliveryId, @Project, @WebhookId, @eventId, @Event, @Body, 'pending', 0, @Now, @Now)
        ON CONFLICT (project, webhook_id, event_id) DO NOTHING
        """,
        new { delivery.DeliveryId, change.Project, delivery.WebhookId, eventId, delivery.Event, delivery.Body, change.Now });

    /// <summary>Whether anything is due for other webhooks than those <paramref name="busy"/>.</summary>
    public Task<bool> AnyDueAsync(Session sql, long now, IReadOnlyCollection<string> busy) => sql.ScalarAsync<bool>(
        $"SELECT EXISTS (SELECT 1 FROM webhook_deliveries WHERE next_at <= @now AND NOT ({sql.Dialect.In("webhook_id", "@busy")}))",
        new { now, busy = busy.ToArray() });

    /// <summary>
    /// Takes the first due delivery of each webhook that is not busy, until <paramref name="lease"/>: then another may take it, since whoever
    /// had it is gone.
    /// </summary>
    public Task<IReadOnlyList<Delivery>> TakeAsync(Session sql, long now, long lease, IReadOnlyCollection<string> busy, int limit) => sql.QueryAsync<Delivery>(
        $"""
        UPDATE webhook_deliveries SET attempts = attempts + 1, next_at = @lease
        WHERE next_at <= @now AND delivery_id IN (
            SELECT delivery_id FROM (
                SELECT delivery_id, next_at, ROW_NUMBER() OVER (PARTITION BY project, webhook_id ORDER BY next_at, delivery_id) AS place
                FROM webhook_deliveries WHERE next_at <= @now AND NOT ({sql.Dialect.In("webhook_id", "@busy")})) due
            WHERE place = 1 ORDER BY next_at LIMIT @limit)
        RETURNING {Columns}
        """,
        new { now, lease, busy = busy.ToArray(), limit });

    /// <summary>Writes down how an attempt went: settled, or to be tried again.</summary>
    public Task<int> PutAsync(Session sql, Delivery delivery) => sql.ExecuteAsync(
        """
        UPDATE webhook_deliveries SET state = @State, next_at = @NextAt, settled_at = @SettledAt, status_code = @StatusCode, error = @Error
        WHERE delivery_id = @DeliveryId
        """,
        delivery);

    /// <summary>Newest first.</summary>
    public Task<IReadOnlyList<Delivery>> ListAsync(Session sql, string project, string webhookId, int limit) => sql.QueryAsync<Delivery>(
        $"""
        SELECT {Columns} FROM webhook_deliveries WHERE project = @project AND webhook_id = @webhookId
        ORDER BY queued_at DESC, delivery_id DESC LIMIT @limit
        """,
        new { project, webhookId, limit });

    /// <summary>Forgets what was settled before a time.</summary>
    public Task<int> TrimAsync(Session sql, long before) => sql.ExecuteAsync("DELETE FROM webhook_deliveries WHERE settled_at < @before", new { before });
}
