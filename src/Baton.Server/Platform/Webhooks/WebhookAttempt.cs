namespace Baton.Server.Platform.Webhooks;

/// <summary>How one attempt to tell a webhook went.</summary>
/// <param name="Status">HTTP status; null where no answer came.</param>
/// <param name="Error">Why it did not succeed; null where it did.</param>
internal sealed record WebhookAttempt(int? Status, string? Error)
{
    /// <summary>The beginning of the answer's body, where it was asked for.</summary>
    public string? Body { get; init; }

    /// <summary>How long the target asked to be left alone.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public bool Succeeded => Error is null;

    /// <summary>Whether another attempt may go better: nothing answered, too many requests, or a fault of the target's own.</summary>
    public bool MayGoBetter => !Succeeded && Status is null or 408 or 429 or >= 500;
}
