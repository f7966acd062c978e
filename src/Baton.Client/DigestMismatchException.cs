namespace Baton.Client;

/// <summary>What came is not what its digest names.</summary>
/// <param name="source">What was fetched.</param>
/// <param name="expected">Digest that was asked for, <c>sha256:…</c>.</param>
/// <param name="actual">Digest of the bytes that came.</param>
public sealed class DigestMismatchException(string source, string expected, string actual)
    : IOException($"{source} should have the digest {expected}, but the bytes that came have {actual}. Nothing was kept.")
{
    /// <summary>Digest that was asked for.</summary>
    public string Expected { get; } = expected;

    /// <summary>Digest of the bytes that came.</summary>
    public string Actual { get; } = actual;
}
