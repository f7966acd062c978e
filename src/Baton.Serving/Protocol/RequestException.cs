namespace Baton.Serving.Protocol;

/// <summary>A request that is answered with an error; the message says what was expected and what came.</summary>
internal sealed class RequestException(string message, int status = 400, TimeSpan? retryAfter = null) : Exception(message)
{
    /// <summary>HTTP status of the answer.</summary>
    public int Status { get; } = status;

    /// <summary>When asking again makes sense; null where it does not.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;
}
