namespace Baton.Storage;

/// <summary>The content has another digest than was announced; nothing was kept.</summary>
public sealed class DigestMismatchException(Digest expected, Digest actual)
    : Exception($"The content's digest is {actual}, but {expected} was announced: it was damaged on its way, or is another file.")
{
    /// <summary>The digest announced.</summary>
    public Digest Expected { get; } = expected;

    /// <summary>The digest of what came.</summary>
    public Digest Actual { get; } = actual;
}

/// <summary>The content ended too early or too late; nothing was kept.</summary>
public sealed class BlobLengthMismatchException(long expected, long actual)
    : Exception($"{actual} bytes came, but {expected} were announced: the transfer was cut or its length is wrong. Send it again.")
{
    /// <summary>The number of bytes announced.</summary>
    public long Expected { get; } = expected;

    /// <summary>The number of bytes that came; where too many were sent, as many as were read until then.</summary>
    public long Actual { get; } = actual;
}

/// <summary>The content is larger than is allowed; nothing was kept.</summary>
public sealed class BlobTooLargeException(long maxBytes) : Exception($"The content is larger than the {maxBytes} bytes allowed.")
{
    /// <summary>The most bytes allowed.</summary>
    public long MaxBytes { get; } = maxBytes;
}

/// <summary>A stored blob is not what was once put: the disk damaged it or someone changed it. Its bytes are not served.</summary>
public sealed class BlobCorruptException(Digest digest, int? chunk, string what)
    : Exception($"The blob {digest} is corrupt: {what}. Restore it from a backup or upload the same content again, which repairs it.")
{
    /// <summary>The blob.</summary>
    public Digest Digest { get; } = digest;

    /// <summary>The damaged chunk, counted from 0; null where the blob as a whole is wrong.</summary>
    public int? Chunk { get; } = chunk;
}
