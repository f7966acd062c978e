using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Baton.Storage;

/// <summary>The SHA-256 of some content, written <c>sha256:</c> and 64 lower-case hex digits. The default value is no digest and has no hex.</summary>
public readonly record struct Digest
{
    private const string Prefix = "sha256:";
    private readonly string? _hex;

    private Digest(string hex) => _hex = hex;

    /// <summary>The 64 lower-case hex digits.</summary>
    /// <exception cref="InvalidOperationException">It is the default value.</exception>
    public string Hex => _hex ?? throw new InvalidOperationException("This digest was never given a value.");

    /// <summary>Reads a written digest; <c>sha256:</c> and lower-case digits are required.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Digest digest)
    {
        var valid = text is { Length: 71 } && text.StartsWith(Prefix, StringComparison.Ordinal)
            && text.AsSpan(Prefix.Length).IndexOfAnyExcept("0123456789abcdef") < 0;
        digest = valid ? new Digest(text![Prefix.Length..]) : default;
        return valid;
    }

    /// <summary>Reads a written digest.</summary>
    /// <exception cref="FormatException">It is not one.</exception>
    public static Digest Parse(string text) => TryParse(text, out var digest)
        ? digest
        : throw new FormatException($"'{text}' is not a digest: expected sha256: and 64 lower-case hex digits.");

    /// <summary>The digest of bytes in memory.</summary>
    public static Digest Of(ReadOnlySpan<byte> content) => FromHash(SHA256.HashData(content));

    /// <summary><c>sha256:…</c></summary>
    public override string ToString() => Prefix + Hex;

    internal static Digest FromHash(ReadOnlySpan<byte> hash) => new(Convert.ToHexStringLower(hash));
}
