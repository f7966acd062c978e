using System.Buffers;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Baton.Storage;

/// <summary>Streams content into a file, hashing the whole and every chunk on the way.</summary>
internal static class BlobIntake
{
    private const int BufferBytes = 256 * 1024;

    public static async Task<ChunkList> WriteAsync(Stream content, SafeFileHandle file, BlobLimits limits, CancellationToken ct)
    {
        using var whole = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var chunk = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var hashes = new MemoryStream();
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            long size = 0;
            while (true)
            {
                // A buffer never crosses the end of a chunk, so that each belongs to one chunk hash.
                var room = (int)Math.Min(BufferBytes, ChunkList.ChunkBytes - (size % ChunkList.ChunkBytes));
                var read = await content.ReadAtLeastAsync(buffer.AsMemory(0, room), room, throwOnEndOfStream: false, ct);
                if (read == 0)
                    break;
                CheckLength(size + read, limits);
                await RandomAccess.WriteAsync(file, buffer.AsMemory(0, read), size, ct);
                whole.AppendData(buffer, 0, read);
                chunk.AppendData(buffer, 0, read);
                size += read;
                if (size % ChunkList.ChunkBytes == 0)
                    hashes.Write(chunk.GetHashAndReset());
            }

            if (size % ChunkList.ChunkBytes != 0)
                hashes.Write(chunk.GetHashAndReset());
            if (limits.ExpectedLength is { } length && length != size)
                throw new BlobLengthMismatchException(length, size);
            var digest = Digest.FromHash(whole.GetHashAndReset());
            if (limits.ExpectedDigest is { } expected && expected != digest)
                throw new DigestMismatchException(expected, digest);
            return new ChunkList(digest, size, hashes.ToArray());
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
