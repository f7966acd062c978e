namespace Baton.Server.Platform.Webhooks;

/// <summary>An address that is told of events in the registry.</summary>
internal sealed record Webhook
{
    public const string Active = "ACTIVE";
    public const string Disabled = "DISABLED";

    public string WebhookId { get; init; } = "";

    public string Project { get; init; } = "";

    public string Name { get; init; } = "";

    public string? Description { get; init; }

    public string Url { get; init; } = "";

    public IReadOnlyList<WebhookEvent> Events { get; init; } = [];

    /// <summary><c>ACTIVE</c> or <c>DISABLED</c>.</summary>
    public string Status { get; init; } = Active;

    /// <summary>Encrypted; it leaves the server only as signatures.</summary>
    public string? Secret { get; init; }

    public long CreatedAt { get; init; }

    public long UpdatedAt { get; init; }

    public string Subject => $"webhooks/{WebhookId}";
}
