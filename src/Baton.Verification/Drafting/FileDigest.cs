using System.Security.Cryptography;

namespace Baton.Verification.Drafting;

/// <summary>Digests of files, read through without being held in memory.</summary>
internal static class FileDigest
{
    /// <summary>A file's SHA-256 as <c>sha256:…</c>, and the number of bytes it was made over.</summary>
    public static async Task<(string Digest, long Size)> OfAsync(string path, CancellationToken cancellation)
    {
        const FileOptions options = FileOptions.SequentialScan | FileOptions.Asynchronous;
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1, options);
        var hash = await SHA256.HashDataAsync(file, cancellation).ConfigureAwait(false);
        return ($"sha256:{Convert.ToHexStringLower(hash)}", file.Position);
    }
}
