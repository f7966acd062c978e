namespace Baton.Serving.Models;

/// <summary>A model cannot answer now and is expected to later: its worker is down or its queue full. The message says which.</summary>
public sealed class ModelUnavailableException(string message, TimeSpan retryAfter) : Exception(message)
{
    /// <summary>When asking again makes sense.</summary>
    public TimeSpan RetryAfter { get; } = retryAfter;
}
