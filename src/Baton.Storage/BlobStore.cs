using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Baton.Storage;

/// <summary>
/// Immutable content under its SHA-256, in a folder: <c>ab/cd/HEX</c>, and its list of chunks in <c>ab/cd/HEX.chunks</c>. A blob is absent or
/// whole: it gets its name only after its bytes and its list are on the disk. The time of the list tells when it was last put. Safe for any number
/// of threads and processes; but unused blobs are to be collected by one process.
/// </summary>
public sealed class BlobStore
{
    private const string TemporaryFolder = "temp";
    private static readonly TimeSpan AbandonedAfter = TimeSpan.FromDays(1);

    private readonly string _directory;
    private readonly string _temporary;
    private readonly ConcurrentDictionary<string, bool> _durableFolders = new();
    private readonly ConcurrentDictionary<Digest, (long Size, DateTime Modified)> _verified = new();
    private readonly SemaphoreSlim[] _naming = [.. Enumerable.Range(0, 256).Select(_ => new SemaphoreSlim(1))];
    private readonly TimeProvider _time;

    /// <summary>Opens a store, making its folder if it is not there, and removes what uploads abandoned more than a day ago left behind.</summary>
    /// <param name="directory">The store's folder; nothing else may write into it.</param>
    /// <param name="time">Tells the age of abandoned uploads.</param>
    /// <exception cref="IOException">The folder cannot be made or read.</exception>
    public BlobStore(string directory, TimeProvider? time = null)
    {
        _time = time ?? TimeProvider.System;
        _directory = Path.GetFullPath(directory);
        _temporary = Path.Combine(_directory, TemporaryFolder);
        CreatePrivate(_directory);
        CreatePrivate(_temporary);
        DurableFile.FsyncDirectory(Path.GetDirectoryName(_directory) ?? _directory);
        Sweep(_time.GetUtcNow() - AbandonedAfter);
    }

    /// <summary>
    /// Takes content in. When the task completes it is on the disk. Content that is there already is not stored twice; it is read and compared once,
    /// and again when its file has changed since, and replaced if it has been damaged.
    /// </summary>
    /// <exception cref="DigestMismatchException">It has another digest than announced.</exception>
    /// <exception cref="BlobTooLargeException">It is larger than allowed.</exception>
    /// <exception cref="BlobLengthMismatchException">It is shorter or longer than announced.</exception>
    /// <exception cref="IOException">The disk failed or is full.</exception>
    public async Task<Blob> PutAsync(Stream content, BlobLimits? limits = null, CancellationToken ct = default)
    {
        var temporary = TemporaryPath();
        try
        {
            using var handle = DurableFile.CreateNew(temporary);
            return await NameAsync(await BlobIntake.WriteAsync(content, handle, limits ?? new BlobLimits(), ct), handle, temporary, ct);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Takes a file in that lies on the store's disk already: it is hashed where it is and renamed, or left where its content is known.</summary>
    internal async Task<Blob> AdoptAsync(string path, BlobLimits limits, Func<Digest, Task> told, CancellationToken ct)
    {
        using var handle = File.OpenHandle(path);
        var chunks = await BlobIntake.ReadAsync(handle, limits, ct);
        await told(chunks.Digest);
        return await NameAsync(chunks, handle, path, ct);
    }

    private async Task<Blob> NameAsync(ChunkList chunks, SafeFileHandle written, string temporary, CancellationToken ct)
    {
        var (digest, path) = (chunks.Digest, PathOf(chunks.Digest));
        if (!Contains(digest))
            DurableFile.Fsync(written);
        // Whoever removes unused blobs waits here too: it never takes one away that an upload has just found.
        var turn = _naming[Convert.ToByte(digest.Hex[^2..], 16)];
        await turn.WaitAsync(ct);
        try
        {
            if (await IsWholeAsync(digest, ct))
            {
                File.SetLastWriteTimeUtc(ChunkList.PathFor(path), _time.GetUtcNow().UtcDateTime);
                // Another upload may have named it a moment ago and not synced the folder yet.
                DurableFile.FsyncDirectory(Folder(digest));
            }
            else
            {
                DurableFile.Fsync(written);
                CreateDurableFolder(digest);
                await DurableFile.WriteAsync(ChunkList.PathFor(path), chunks.ToBytes(), ct);
                File.SetLastWriteTimeUtc(ChunkList.PathFor(path), _time.GetUtcNow().UtcDateTime);
                DurableFile.Rename(temporary, path);
                _verified[digest] = Seen(new FileInfo(path));
            }

            return new Blob(digest, chunks.Size);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Opens a blob for reading; null where it is absent.</summary>
    /// <exception cref="BlobCorruptException">Its length or its chunk list is wrong.</exception>
    public Task<BlobReader?> OpenAsync(Digest digest, CancellationToken ct = default) => BlobReader.OpenAsync(digest, PathOf(digest), ct);

    /// <summary>Whether the blob is there. Does not read it.</summary>
    public bool Contains(Digest digest) => File.Exists(PathOf(digest));

    /// <summary>
    /// The file of a blob, for readers that need one; null where it is absent. The first time its bytes are checked against the digest, and again
    /// when its size or time of change is another; the caller must not write to it.
    /// </summary>
    /// <exception cref="BlobCorruptException">It is not what was stored.</exception>
    public async Task<string?> LocalPathAsync(Digest digest, CancellationToken ct = default)
    {
        var file = new FileInfo(PathOf(digest));
        if (!file.Exists)
            return null;
        var seen = Seen(file);
        if (_verified.TryGetValue(digest, out var verified) && verified == seen)
            return file.FullName;
        await using var reader = await OpenAsync(digest, ct);
        if (reader is null)
            return null;
        await reader.CopyToAsync(Stream.Null, 0, reader.Size, ct);
        _verified[digest] = seen;
        return file.FullName;
    }

    /// <summary>Removes a blob; one that is absent is no error. Readers that have it open can read on.</summary>
    /// <exception cref="IOException">It could not be removed.</exception>
    public Task DeleteAsync(Digest digest)
    {
        var path = PathOf(digest);
        if (!Directory.Exists(Folder(digest)))
            return Task.CompletedTask;
        // The blob goes first: a crash in between leaves chunk hashes without a blob, which hurt nobody.
        File.Delete(path);
        File.Delete(ChunkList.PathFor(path));
        DurableFile.FsyncDirectory(Folder(digest));
        return Task.CompletedTask;
    }

    /// <summary>
    /// Removes a blob that nobody has put since a moment, which its caller found unused. One that is being put at this time stays.
    /// </summary>
    /// <returns>Whether it was removed.</returns>
    /// <exception cref="IOException">It could not be removed.</exception>
    public async Task<bool> DeleteUntouchedAsync(Digest digest, DateTimeOffset since, CancellationToken ct = default)
    {
        var turn = _naming[Convert.ToByte(digest.Hex[^2..], 16)];
        await turn.WaitAsync(ct);
        try
        {
            if (!Contains(digest) || LastPut(digest) >= since)
                return false;
            _verified.TryRemove(digest, out _);
            await DeleteAsync(digest);
            return true;
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>When a blob was last put, whether or not it was there already; a time long ago where it is absent.</summary>
    public DateTimeOffset LastPut(Digest digest)
    {
        var path = PathOf(digest);
        var (bytes, list) = (File.GetLastWriteTimeUtc(path), File.GetLastWriteTimeUtc(ChunkList.PathFor(path)));
        return bytes > list && !File.Exists(ChunkList.PathFor(path)) ? bytes : list;
    }

    /// <summary>The store's folder, in full.</summary>
    internal string Root => _directory;

    /// <summary>A name for a file in the making, inside the store; what is left under one is swept after a day.</summary>
    internal string TemporaryPath() => Path.Combine(_temporary, RandomNumberGenerator.GetHexString(32, lowercase: true));

    /// <summary>Every blob, in the order of their digests; those put or removed meanwhile may be missing or still there.</summary>
    public IAsyncEnumerable<Blob> ListAsync() => List().ToAsyncEnumerable();

    private IEnumerable<Blob> List() =>
        from first in Sorted(Directory.EnumerateDirectories(_directory, "??"))
        from second in Sorted(Directory.EnumerateDirectories(first, "??"))
        from file in Sorted(Directory.EnumerateFiles(second))
        let digest = Digest.TryParse("sha256:" + Path.GetFileName(file), out var named) ? named : (Digest?)null
        let found = new FileInfo(file)
        where digest is not null && found.Exists
        select new Blob(digest.Value, found.Length);

    private static IEnumerable<string> Sorted(IEnumerable<string> paths) => paths.Order(StringComparer.Ordinal);

    private string Folder(Digest digest) => Path.Combine(_directory, digest.Hex[..2], digest.Hex[2..4]);

    private string PathOf(Digest digest) => Path.Combine(Folder(digest), digest.Hex);

    private static (long Size, DateTime Modified) Seen(FileInfo file) => (file.Length, file.LastWriteTimeUtc);

    private async Task<bool> IsWholeAsync(Digest digest, CancellationToken ct)
    {
        try
        {
            // Opening reads the list of chunks, so that a damaged one is found however well the bytes are known.
            await using var reader = await OpenAsync(digest, ct);
            return reader is not null && await LocalPathAsync(digest, ct) is not null;
        }
        catch (BlobCorruptException)
        {
            return false;
        }
    }

    // A new folder is durable once the folder above is synced; once per process is enough.
    private void CreateDurableFolder(Digest digest)
    {
        var folder = Folder(digest);
        if (_durableFolders.ContainsKey(folder))
            return;
        Directory.CreateDirectory(folder);
        DurableFile.FsyncDirectory(Path.GetDirectoryName(folder)!);
        DurableFile.FsyncDirectory(_directory);
        _durableFolders[folder] = true;
    }

    private void Sweep(DateTimeOffset before)
    {
        foreach (var file in new DirectoryInfo(_temporary).EnumerateFiles())
            if (file.LastWriteTimeUtc < before)
                file.Delete();
        foreach (var folder in new DirectoryInfo(_temporary).EnumerateDirectories())
            if (folder.LastWriteTimeUtc < before)
                folder.Delete(recursive: true);
    }

    private static void CreatePrivate(string directory)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(directory);
        else
            Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
