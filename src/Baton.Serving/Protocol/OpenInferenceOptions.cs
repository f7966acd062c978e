namespace Baton.Serving.Protocol;

/// <summary>Limits of the protocol.</summary>
public sealed record OpenInferenceOptions
{
    /// <summary>Largest body of a request, bytes. <value>64 MiB by default.</value></summary>
    public long MaxBodyBytes { get; init; } = 64L << 20;

    /// <summary>Most rows of a request. <value>1,000,000 by default.</value></summary>
    public int MaxRows { get; init; } = 1_000_000;

    /// <summary>When a caller may ask again for a model that is not loaded. <value>2 s by default.</value></summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(2);
}
