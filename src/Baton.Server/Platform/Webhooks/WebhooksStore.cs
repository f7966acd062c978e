using Baton.Contracts;
using Baton.Database;
using Baton.Server.Platform.Ledger;

namespace Baton.Server.Platform.Webhooks;

/// <summary>All SQL about webhooks; that about what they are sent is in <c>DeliveriesStore.cs</c>.</summary>
internal sealed class WebhooksStore
{
    private const string Columns = "project, webhook_id, name, description, url, events, status, secret, created_at, updated_at";

    public async Task<Webhook?> FindAsync(Session sql, string project, string id) =>
        (await sql.FirstOrDefaultAsync<Row>(
            $"SELECT {Columns} FROM webhooks WHERE project = @project AND webhook_id = @id AND deleted_at IS NULL", new { project, id }))?.ToWebhook();

    /// <summary>Newest first, from behind a place on.</summary>
    public async Task<IReadOnlyList<Webhook>> ListAsync(Session sql, string project, WebhookPlace after, int limit)
    {
        var rows = await sql.QueryAsync<Row>(
            $"""
            SELECT {Columns} FROM webhooks
            WHERE project = @project AND deleted_at IS NULL AND (created_at < @CreatedAt OR created_at = @CreatedAt AND webhook_id < @Id)
            ORDER BY created_at DESC, webhook_id DESC LIMIT @limit
            """,
            new { project, after.CreatedAt, after.Id, limit });
        return [.. rows.Select(r => r.ToWebhook())];
    }

    /// <summary>Those of a project that were active at a time and are still.</summary>
    public async Task<IReadOnlyList<Webhook>> ListActiveAsync(Session sql, string project, long at)
    {
        var rows = await sql.QueryAsync<Row>(
            $"SELECT {Columns} FROM webhooks WHERE project = @project AND deleted_at IS NULL AND status = 'ACTIVE' AND created_at <= @at ORDER BY created_at, webhook_id",
            new { project, at });
        return [.. rows.Select(r => r.ToWebhook())];
    }

    public Task InsertAsync(Change change, Webhook webhook) => change.Sql.ExecuteAsync(
        """
        INSERT INTO webhooks (project, webhook_id, name, description, url, events, status, secret, created_at, updated_at)
        VALUES (@Project, @WebhookId, @Name, @Description, @Url, @events, @Status, @Secret, @CreatedAt, @UpdatedAt)
        """,
        Args(webhook));

    public Task UpdateAsync(Change change, Webhook webhook) => change.Sql.ExecuteAsync(
        """
        UPDATE webhooks SET name = @Name, description = @Description, url = @Url, events = @events, status = @Status, secret = @Secret, updated_at = @UpdatedAt
        WHERE project = @Project AND webhook_id = @WebhookId
        """,
        Args(webhook));

    /// <summary>Marks it deleted and forgets its secret; whether there was one.</summary>
    public async Task<bool> DeleteAsync(Change change, string id) => await change.Sql.ExecuteAsync(
        "UPDATE webhooks SET deleted_at = @Now, secret = NULL WHERE project = @Project AND webhook_id = @id AND deleted_at IS NULL",
        new { change.Project, id, change.Now }) == 1;

    private static object Args(Webhook w) => new
    {
        w.Project,
        w.WebhookId,
        w.Name,
        w.Description,
        w.Url,
        events = Documents.Write(w.Events),
        w.Status,
        w.Secret,
        w.CreatedAt,
        w.UpdatedAt,
    };

    private sealed record Row
    {
        public string Project { get; init; } = "";

        public string WebhookId { get; init; } = "";

        public string Name { get; init; } = "";

        public string? Description { get; init; }

        public string Url { get; init; } = "";

        public string Events { get; init; } = "[]";

        public string Status { get; init; } = "";

        public string? Secret { get; init; }

        public long CreatedAt { get; init; }

        public long UpdatedAt { get; init; }

        public Webhook ToWebhook() => new()
        {
            Project = Project,
            WebhookId = WebhookId,
            Name = Name,
            Description = Description,
            Url = Url,
            Events = Documents.Read<IReadOnlyList<WebhookEvent>>(Events),
            Status = Status,
            Secret = Secret,
            CreatedAt = CreatedAt,
            UpdatedAt = UpdatedAt,
        };
    }
}

/// <summary>Where a page of webhooks ended.</summary>
internal sealed record WebhookPlace(long CreatedAt, string Id)
{
    public static readonly WebhookPlace Start = new(long.MaxValue, "");
}
