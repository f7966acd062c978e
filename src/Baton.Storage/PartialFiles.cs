using System.Buffers;
using System.Collections.Concurrent;

namespace Baton.Storage;

/// <summary>
/// The bytes of uploads under way, in the store's folder <c>uploads/ID/PART</c>: what has been acknowledged of them survives a crash. A finished
/// upload of one part becomes a blob by being hashed where it lies and renamed.
/// </summary>
public sealed class PartialFiles
{
    private const int BufferBytes = 256 * 1024;

    private readonly BlobStore _blobs;
    private readonly string _directory;
    private readonly ConcurrentDictionary<string, bool> _written = new();

    /// <summary>The uploads under way of a store.</summary>
    public PartialFiles(BlobStore blobs)
    {
        _blobs = blobs;
        _directory = Path.Combine(blobs.Root, "uploads");
    }

    /// <summary>How many bytes of a part are on the disk; 0 where there is none of it.</summary>
    /// <exception cref="IOException">They could not be made durable.</exception>
    public long DurableLength(string id, int part)
    {
        var path = PathOf(id, part);
        if (!File.Exists(path))
            return 0;
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        DurableFile.Fsync(file);
        return RandomAccess.GetLength(file);
    }

    /// <summary>
    /// Appends content to a part that is as long as its caller believes; on the disk when the task completes. Where the content breaks off, what came
    /// of it stays and the exception passes.
    /// </summary>
    /// <returns>The part's length.</returns>
    /// <exception cref="PartBusyException">Another request writes it, or has done so meanwhile.</exception>
    /// <exception cref="BlobTooLargeException">It would become longer than allowed.</exception>
    public Task<long> AppendAsync(string id, int part, long length, Stream content, long maxLength, CancellationToken ct = default) =>
        WriteAsync(id, part, length, content, maxLength, ct);

    /// <summary>Writes a whole part, in place of what there may be of it; on the disk when the task completes.</summary>
    /// <returns>The part's tag, which changes whenever the part is written.</returns>
    /// <exception cref="PartBusyException">Another request writes it.</exception>
    /// <exception cref="BlobTooLargeException">It is longer than allowed.</exception>
    public async Task<string> ReplaceAsync(string id, int part, Stream content, long maxLength, CancellationToken ct = default)
    {
        await WriteAsync(id, part, null, content, maxLength, ct);
        return TagOf(id, part)!;
    }

    /// <summary>The tag of a part; null where there is no such part.</summary>
    public string? TagOf(string id, int part)
    {
        var file = new FileInfo(PathOf(id, part));
        return file.Exists ? $"{file.Length:x}-{file.LastWriteTimeUtc.Ticks:x}" : null;
    }

    private async Task<long> WriteAsync(string id, int part, long? length, Stream content, long maxLength, CancellationToken ct)
    {
        var path = PathOf(id, part);
        if (!_written.TryAdd(path, true))
            throw new PartBusyException();
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            using var file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete);
            if (length is null)
                RandomAccess.SetLength(file, 0);
            else if (length != RandomAccess.GetLength(file))
                throw new PartBusyException();
            var offset = length ?? 0;
            for (int read; (read = await content.ReadAtLeastAsync(buffer.AsMemory(0, BufferBytes), BufferBytes, throwOnEndOfStream: false, ct)) > 0;)
            {
                if (offset + read > maxLength)
                    throw new BlobTooLargeException(maxLength);
                await RandomAccess.WriteAsync(file, buffer.AsMemory(0, read), offset, ct);
                offset += read;
            }

            DurableFile.Fsync(file);
            DurableFile.FsyncDirectory(Path.GetDirectoryName(path)!);
            return offset;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            _written.TryRemove(path, out _);
        }
    }

    /// <summary>
    /// Makes a blob of a part where it lies. The digest is told before the part becomes the blob: from then on the one or the other is there.
    /// </summary>
    /// <exception cref="BlobLengthMismatchException">It holds fewer or more bytes than announced.</exception>
    /// <exception cref="FileNotFoundException">There is no such part.</exception>
    public Task<Blob> FinishAsync(string id, int part, BlobLimits limits, Func<Digest, Task> told, CancellationToken ct = default) =>
        _blobs.AdoptAsync(PathOf(id, part), limits, told, ct);

    /// <summary>Makes a blob of the parts, one after the other; the parts stay.</summary>
    /// <exception cref="FileNotFoundException">A part is not there.</exception>
    /// <exception cref="BlobTooLargeException">They are larger than allowed.</exception>
    public async Task<Blob> JoinAsync(string id, IReadOnlyList<int> parts, BlobLimits limits, CancellationToken ct = default)
    {
        await using var joined = new JoinedFiles([.. parts.Select(part => PathOf(id, part))]);
        return await _blobs.PutAsync(joined, limits, ct);
    }

    /// <summary>Removes all of an upload.</summary>
    public void Remove(string id)
    {
        var folder = Path.Combine(_directory, id);
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }

    /// <summary>The uploads that have bytes on the disk.</summary>
    public IReadOnlyList<string> List() => Directory.Exists(_directory) ? [.. Directory.EnumerateDirectories(_directory).Select(d => Path.GetFileName(d))] : [];

    private string PathOf(string id, int part) => Path.Combine(_directory, id, part.ToString("00000", System.Globalization.CultureInfo.InvariantCulture));
}

/// <summary>Another request is writing the same part of an upload.</summary>
public sealed class PartBusyException() : Exception("Another request is writing this upload at this moment.");
