using System.Buffers;
using System.IO.Hashing;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Baton.Storage;

/// <summary>Hashes the whole and checks every chunk of content, streaming it into a file on the way.</summary>
internal static class BlobIntake
{
    private const int BufferBytes = 256 * 1024;

    /// <summary>Writes content into a file while it is hashed.</summary>
    public static Task<ChunkList> WriteAsync(Stream content, SafeFileHandle file, BlobLimits limits, CancellationToken ct) =>
        HashAsync(
            content.ReadAtLeastAsync,
            async (bytes, at) => await RandomAccess.WriteAsync(file, bytes, at, ct),
            limits,
            ct);

    /// <summary>Hashes a file that is in its place already.</summary>
    public static Task<ChunkList> ReadAsync(SafeFileHandle file, BlobLimits limits, CancellationToken ct)
    {
        var at = 0L;
        return HashAsync(
            async (buffer, _, _, _) =>
            {
                var read = await RandomAccess.ReadAsync(file, buffer, at, ct);
                at += read;
                return read;
            },
            null,
            limits,
            ct);
    }

    private static async Task<ChunkList> HashAsync(
        Func<Memory<byte>, int, bool, CancellationToken, ValueTask<int>> read, Func<ReadOnlyMemory<byte>, long, Task>? write, BlobLimits limits, CancellationToken ct)
    {
        using var whole = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var chunk = new XxHash128();
        using var checks = new MemoryStream();
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            long size = 0;
            while (true)
            {
                // A buffer never crosses the end of a chunk, so that each belongs to one check.
                var room = (int)Math.Min(BufferBytes, ChunkList.WrittenChunkBytes - (size % ChunkList.WrittenChunkBytes));
                var got = await read(buffer.AsMemory(0, room), room, false, ct);
                if (got == 0)
                    break;
                CheckLength(size + got, limits);
                whole.AppendData(buffer, 0, got);
                chunk.Append(buffer.AsSpan(0, got));
                if (write is not null)
                    await write(buffer.AsMemory(0, got), size);
                size += got;
                if (size % ChunkList.WrittenChunkBytes == 0)
                    checks.Write(chunk.GetHashAndReset());
            }

            if (size % ChunkList.WrittenChunkBytes != 0)
                checks.Write(chunk.GetHashAndReset());
            if (limits.ExpectedLength is { } length && length != size)
                throw new BlobLengthMismatchException(length, size);
            var digest = Digest.FromHash(whole.GetHashAndReset());
            if (limits.ExpectedDigest is { } expected && expected != digest)
                throw new DigestMismatchException(expected, digest);
            return new ChunkList(digest, size, checks.ToArray());
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // Checked as the bytes come, so that a body that lies about its length cannot fill the disk.
    private static void CheckLength(long size, BlobLimits limits)
    {
        if (size > limits.MaxBytes)
            throw new BlobTooLargeException(limits.MaxBytes.Value);
        if (size > limits.ExpectedLength)
            throw new BlobLengthMismatchException(limits.ExpectedLength.Value, size);
    }
}
