namespace Baton.Storage;

/// <summary>What a blob must keep to be taken in. Nothing is kept of one that does not.</summary>
public sealed record BlobLimits
{
    /// <summary>The most bytes taken.</summary>
    /// <value>No limit.</value>
    public long? MaxBytes { get; init; }

    /// <summary>The exact number of bytes announced, e.g. by Content-Length.</summary>
    /// <value>Any.</value>
    public long? ExpectedLength { get; init; }

    /// <summary>The digest announced.</summary>
    /// <value>Any.</value>
    public Digest? ExpectedDigest { get; init; }
}
