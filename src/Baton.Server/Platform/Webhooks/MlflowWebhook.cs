namespace Baton.Server.Platform.Webhooks;

/// <summary>A webhook as MLflow's clients read it; without its secret.</summary>
internal sealed record MlflowWebhook(
    string WebhookId,
    string Name,
    string? Description,
    string Url,
    IReadOnlyList<WebhookEvent> Events,
    string Status,
    long CreationTimestamp,
    long LastUpdatedTimestamp)
{
    public static MlflowWebhook Of(Webhook w) => new(
        w.WebhookId, w.Name, w.Description, w.Url, w.Events, w.Status, w.CreatedAt / 1000, w.UpdatedAt / 1000);
}
