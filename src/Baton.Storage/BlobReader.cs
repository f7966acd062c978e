using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace Baton.Storage;

/// <summary>An open blob. Serves ranges, and checks every chunk it touches before handing out a byte of it.</summary>
public sealed class BlobReader : IAsyncDisposable
{
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
    /// Copies a range to a stream. Memory does not grow with the range: a chunk is read once, checked, and sent from the buffer it was checked in.
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
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(_chunks.ChunkBytes, Math.Max(1, Size)));
        try
        {
            for (var end = offset + length; offset < end;)
            {
                var chunk = (int)(offset / _chunks.ChunkBytes);
                var start = (long)chunk * _chunks.ChunkBytes;
                var bytes = buffer.AsMemory(0, (int)Math.Min(_chunks.ChunkBytes, Size - start));
                await ReadAsync(chunk, bytes, start, ct);
                if (!_chunks.Fits(chunk, bytes.Span))
                    throw new BlobCorruptException(Digest, chunk, $"chunk {chunk} (of {_chunks.ChunkBytes} bytes) is other than when it was stored");
                var wanted = bytes[(int)(offset - start)..(int)Math.Min(bytes.Length, end - start)];
                await destination.WriteAsync(wanted, ct);
                offset += wanted.Length;
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
                ?? throw new BlobCorruptException(digest, null, "its list of chunks is damaged");
        }
        catch (FileNotFoundException)
        {
            // Gone together with the blob, which was deleted while it was being opened; or gone alone.
            return !File.Exists(path) ? null : throw new BlobCorruptException(digest, null, "its list of chunks is missing");
        }
    }

    private async Task ReadAsync(int chunk, Memory<byte> bytes, long at, CancellationToken ct)
    {
        while (bytes.Length > 0)
        {
            var read = await RandomAccess.ReadAsync(_file, bytes, at, ct);
            if (read == 0)
                throw new BlobCorruptException(Digest, chunk, $"the file ends inside chunk {chunk}");
            (bytes, at) = (bytes[read..], at + read);
        }
    }
}
