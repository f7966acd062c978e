using Baton.Contracts;
using Baton.Verification.Drafting;

namespace Baton.Verification.Agent;

/// <summary>
/// Downloaded files by digest, kept under a size: the longest unused go first. A file is checked again before each use, so that a rotten
/// disk is never blamed on a candidate. For one job at a time.
/// </summary>
internal sealed class BlobCache
{
    private readonly string _folder;
    private readonly long _limit;
    private readonly TimeProvider _time;
    private readonly Func<string, string, CancellationToken, Task> _download;

    /// <summary>A cache in a folder, which is made where it is missing.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="limit">Size to stay under, bytes.</param>
    /// <param name="time">Clock.</param>
    /// <param name="download">Downloads a digest into a file, checking it on the way.</param>
    public BlobCache(string folder, long limit, TimeProvider time, Func<string, string, CancellationToken, Task> download)
    {
        _folder = folder;
        _limit = limit;
        _time = time;
        _download = download;
        Directory.CreateDirectory(folder);
    }

    /// <summary>Puts a copy of a file where it is wanted, from the cache or the server.</summary>
    public async Task CopyAsync(string digest, string to, CancellationToken cancellation)
    {
        if (!Digests.IsDigest(digest))
            throw new InvalidDataException($"'{digest}' is not a digest: expected sha256: and 64 lower-case hex digits.");
        var cached = Path.Combine(_folder, Digests.Hex(digest));
        if (!File.Exists(cached) || (await FileDigest.OfAsync(cached, cancellation)).Digest != digest)
            await _download(digest, cached, cancellation);
        File.SetLastWriteTimeUtc(cached, _time.GetUtcNow().UtcDateTime);
        Directory.CreateDirectory(Path.GetDirectoryName(to)!);
        File.Copy(cached, to, overwrite: true);
        Trim();
    }

    private void Trim()
    {
        var files = new DirectoryInfo(_folder).GetFiles().OrderByDescending(f => f.LastWriteTimeUtc).ToList();
        long total = 0;
        foreach (var file in files)
        {
            total += file.Length;
            if (total > _limit)
                file.Delete();
        }
    }
}
