using System.Buffers;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Baton.Storage;

/// <summary>An open blob. Serves ranges, and checks every chunk it touches before handing out a byte of it.</summary>
public sealed class BlobReader : IAsyncDisposable
{
    private const int BufferBytes = 256 * 1024;
    private readonly SafeFileHandle _file;
    private readonly ChunkList _chunks;

    private BlobReader(SafeFileHandle file, ChunkList chunks)
    {
        _file = file;
        _chunks = chunks;
    }

    /// <summary>The blob's digest.</summary>
    public Digest Digest => _chunks.Digest;

    /// <summary>The blob's length in bytes.</summary>
    public long Size => _chunks.Size;

    /// <summary>
    /// Copies a range to a stream. Memory does not grow with the range: a chunk is read once to be checked and once, from the page cache,
    /// to be sent.
    /// </summary>
    /// <param name="destination">Where the bytes go.</param>
    /// <param name="offset">The first byte, counted from 0.</param>
    /// <param name="length">The number of bytes; offset and length must lie within the blob.</param>
    /// <param name="ct">Stops the copy.</param>
    /// <exception cref="BlobCorruptException">A chunk is damaged; nothing of it was written, the chunks before it were.</exception>
    public async Task CopyToAsync(Stream destination, long offset, long length, CancellationToken ct = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Size - offset);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            var end = offset + length;
            while (offset < end)
            {
                var chunk = (int)(offset / ChunkList.ChunkBytes);
                var chunkEnd = Math.Min(end, (chunk + 1L) * ChunkList.ChunkBytes);
                await CheckAsync(chunk, buffer, ct);
                while (offset < chunkEnd)
                {
                    var read = await ReadAsync(chunk, buffer, offset, chunkEnd, ct);
                    await destination.WriteAsync(buffer.AsMemory(0, read), ct);
                    offset += read;
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Closes the file.</summary>
    public ValueTask DisposeAsync()
    {
        _file.Dispose();
        return ValueTask.CompletedTask;
    }

    internal static async Task<BlobReader?> OpenAsync(Digest digest, string path, CancellationToken ct)
    {
        SafeFileHandle file;
        try
        {
            file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception absent) when (absent is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }

        try
        {
            if (await ReadChunksAsync(digest, path, ct) is not { } chunks)
            {
                file.Dispose();
                return null;
            }

            var size = RandomAccess.GetLength(file);
            if (size != chunks.Size)
                throw new BlobCorruptException(digest, null, $"the file holds {size} bytes instead of {chunks.Size}");
            return new BlobReader(file, chunks);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static async Task<ChunkList?> ReadChunksAsync(Digest digest, string path, CancellationToken ct)
    {
        try
        {
            return ChunkList.TryRead(digest, await File.ReadAllBytesAsync(ChunkList.PathFor(path), ct))
                ?? throw new BlobCorruptException(digest, null, "its list of chunk hashes is damaged");
        }
        catch (FileNotFoundException)
        {
            // Gone together with the blob, which was deleted while it was being opened; or gone alone.
            return !File.Exists(path) ? null : throw new BlobCorruptException(digest, null, "its list of chunk hashes is missing");
        }
    }

    private async Task CheckAsync(int chunk, byte[] buffer, CancellationToken ct)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var end = Math.Min(Size, (chunk + 1L) * ChunkList.ChunkBytes);
        for (var at = (long)chunk * ChunkList.ChunkBytes; at < end;)
        {
            var read = await ReadAsync(chunk, buffer, at, end, ct);
            hash.AppendData(buffer, 0, read);
            at += read;
        }

        if (!hash.GetHashAndReset().AsSpan().SequenceEqual(_chunks.HashOf(chunk)))
            throw new BlobCorruptException(Digest, chunk, $"chunk {chunk} (of {ChunkList.ChunkBytes} bytes) has another hash than when it was stored");
    }

    private async Task<int> ReadAsync(int chunk, byte[] buffer, long at, long end, CancellationToken ct)
    {
        var read = await RandomAccess.ReadAsync(_file, buffer.AsMemory(0, (int)Math.Min(BufferBytes, end - at)), at, ct);
        return read > 0 ? read : throw new BlobCorruptException(Digest, chunk, $"the file ends inside chunk {chunk}");
    }
}
