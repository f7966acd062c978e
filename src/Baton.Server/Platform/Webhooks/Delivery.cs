namespace Baton.Server.Platform.Webhooks;

/// <summary>One event on its way to one webhook.</summary>
internal sealed record Delivery
{
    public const string Pending = "pending";
    public const string Delivered = "delivered";
    public const string Failed = "failed";

    public string DeliveryId { get; init; } = "";

    public string Project { get; init; } = "";

    public string WebhookId { get; init; } = "";

    /// <summary>E.g. <c>model_version.created</c>.</summary>
    public string Event { get; init; } = "";

    /// <summary>The JSON that is sent, byte for byte the same at each attempt.</summary>
    public string Body { get; init; } = "";

    /// <summary><c>pending</c>, <c>delivered</c> or <c>failed</c>.</summary>
    public string State { get; init; } = Pending;

    /// <summary>Attempts begun.</summary>
    public long Attempts { get; init; }

    public long? NextAt { get; init; }

    public long QueuedAt { get; init; }

    public long? SettledAt { get; init; }

    /// <summary>HTTP status of the last answer; null where none came.</summary>
    public long? StatusCode { get; init; }

    public string? Error { get; init; }
}
