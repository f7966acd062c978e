using System.Security.Cryptography;
using System.Text;

namespace Baton.Contracts;

/// <summary>Digests as they are written in documents: <c>sha256:</c> and 64 lower-case hex digits.</summary>
public static class Digests
{
    private const string Prefix = "sha256:";

    /// <summary>Digest of a text's UTF-8 bytes.</summary>
    public static string Sha256(string text) => Sha256(Encoding.UTF8.GetBytes(text));

    /// <summary>Digest of bytes.</summary>
    public static string Sha256(ReadOnlySpan<byte> bytes) => Prefix + Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>The 64 hex digits of a written digest; the text itself where it has no prefix.</summary>
    public static string Hex(string digest) => digest.StartsWith(Prefix, StringComparison.Ordinal) ? digest[Prefix.Length..] : digest;

    /// <summary>Whether a text is a written digest.</summary>
    public static bool IsDigest(string? text) =>
        text is { Length: 71 } && text.StartsWith(Prefix, StringComparison.Ordinal) && text.AsSpan(Prefix.Length).IndexOfAnyExcept("0123456789abcdef") < 0;

    /// <summary>A digest cut for people: prefix and twelve hex digits.</summary>
    public static string Short(string digest) => digest.Length > 19 ? digest[..19] : digest;
}
