namespace Baton.Storage;

/// <summary>Content that is in the store.</summary>
/// <param name="Digest">Its SHA-256, which is also its name.</param>
/// <param name="Size">Its length in bytes.</param>
public sealed record Blob(Digest Digest, long Size);
