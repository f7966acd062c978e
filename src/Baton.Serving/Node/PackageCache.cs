using System.Security.Cryptography;
using Baton.Contracts;

namespace Baton.Serving.Node;

/// <summary>
/// Packages on this disk, a folder each, by digest. A package is there whole or not at all; every file is checked against its digest before it is
/// served from, so that a rotten disk never answers. What is not served any more stays while there is room. One call at a time.
/// </summary>
internal sealed class PackageCache
{
    private const string Partial = ".partial";

    private readonly string _folder;
    private readonly long _limit;
    private readonly TimeProvider _time;
    private readonly Func<string, string, CancellationToken, Task> _download;

    /// <param name="folder">Where; made where it is missing.</param>
    /// <param name="limit">Size to stay under, bytes, as far as what is served allows.</param>
    /// <param name="time">Clock.</param>
    /// <param name="download">Downloads the blob of a digest into a file, checking it on the way.</param>
    public PackageCache(string folder, long limit, TimeProvider time, Func<string, string, CancellationToken, Task> download)
    {
        _folder = folder;
        _limit = limit;
        _time = time;
        _download = download;
        Directory.CreateDirectory(folder);
        foreach (var torn in Directory.GetDirectories(folder, "*" + Partial))
            Directory.Delete(torn, recursive: true);
    }

    /// <summary>Whether a package lies here; whether it is still what its digest says is seen when it is taken.</summary>
    public bool Has(string digest) => Directory.Exists(Path.Combine(_folder, Digests.Hex(digest)));

    /// <summary>The folder of a package, from this disk or the control plane.</summary>
    /// <exception cref="InvalidDataException">The package is not what its digest says, or names a file outside itself.</exception>
    public async Task<string> GetAsync(string digest, Manifest package, CancellationToken cancellation)
    {
        if (!Digests.IsDigest(digest) || package.Digest != digest)
            throw new InvalidDataException($"The package's files give the digest {package.Digest} where {digest} was announced; it is not served.");
        var folder = Path.Combine(_folder, Digests.Hex(digest));
        if (!await IsWholeAsync(folder, package, cancellation))
            await FetchAsync(folder, package, cancellation);
        Directory.SetLastWriteTimeUtc(folder, _time.GetUtcNow().UtcDateTime);
        return folder;
    }

    /// <summary>Removes the longest unused packages until the rest fits; never one of those in use.</summary>
    public void Trim(IReadOnlySet<string> inUse)
    {
        long total = 0;
        foreach (var package in new DirectoryInfo(_folder).GetDirectories().OrderByDescending(d => inUse.Contains("sha256:" + d.Name)).ThenByDescending(d => d.LastWriteTimeUtc))
        {
            total += package.EnumerateFiles("*", SearchOption.AllDirectories).Sum(f => f.Length);
            if (total > _limit && !inUse.Contains("sha256:" + package.Name))
                package.Delete(recursive: true);
        }
    }

    private async Task FetchAsync(string folder, Manifest package, CancellationToken cancellation)
    {
        var partial = folder + Partial;
        Remove(partial);
        Remove(folder);
        try
        {
            Directory.CreateDirectory(partial);
            foreach (var file in package.Files)
            {
                var path = Inside(partial, file.Path);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                await _download(file.Sha256, path, cancellation);
            }

            Directory.Move(partial, folder);
        }
        finally
        {
            Remove(partial);
        }
    }

    private static async Task<bool> IsWholeAsync(string folder, Manifest package, CancellationToken cancellation)
    {
        foreach (var file in package.Files)
        {
            var path = Inside(folder, file.Path);
            if (!File.Exists(path))
                return false;
            await using var bytes = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1, FileOptions.SequentialScan | FileOptions.Asynchronous);
            if ("sha256:" + Convert.ToHexStringLower(await SHA256.HashDataAsync(bytes, cancellation)) != file.Sha256)
                return false;
        }

        return true;
    }

    private static string Inside(string folder, string path)
    {
        var full = Path.GetFullPath(Path.Combine(folder, path));
        return full.StartsWith(Path.GetFullPath(folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? full
            : throw new InvalidDataException($"The package names the file '{path}', which lies outside it; it is not served.");
    }

    private static void Remove(string folder)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }
}
