using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Baton.Storage;

/// <summary>
/// The hashes of a blob's chunks, so that a range can be checked without reading the whole. On disk: <c>BATONCH1</c>, the blob's hash,
/// its size as a little-endian 64-bit number, 32 bytes a chunk, and the hash of all that.
/// </summary>
internal sealed class ChunkList(Digest digest, long size, byte[] hashes)
{
    public const int ChunkBytes = 4 * 1024 * 1024;
    private const int HashBytes = SHA256.HashSizeInBytes;
    private const int HeaderBytes = 8 + HashBytes + 8;

    public Digest Digest { get; } = digest;

    public long Size { get; } = size;

    private static ReadOnlySpan<byte> Magic => "BATONCH1"u8;

    public static string PathFor(string blobPath) => blobPath + ".chunks";

    public ReadOnlySpan<byte> HashOf(int chunk) => hashes.AsSpan(chunk * HashBytes, HashBytes);

    public byte[] ToBytes()
    {
        var bytes = new byte[HeaderBytes + hashes.Length + HashBytes];
        Magic.CopyTo(bytes);
        Convert.FromHexString(Digest.Hex).CopyTo(bytes.AsSpan(8));
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(8 + HashBytes), Size);
        hashes.CopyTo(bytes.AsSpan(HeaderBytes));
        SHA256.HashData(bytes.AsSpan(..^HashBytes), bytes.AsSpan(bytes.Length - HashBytes));
        return bytes;
    }

    /// <summary>Null where the bytes are not a chunk list of this blob.</summary>
    public static ChunkList? TryRead(Digest digest, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderBytes + HashBytes || !bytes.StartsWith(Magic)
            || !SHA256.HashData(bytes[..^HashBytes]).AsSpan().SequenceEqual(bytes[^HashBytes..])
            || Digest.FromHash(bytes.Slice(8, HashBytes)) != digest)
            return null;
        var size = BinaryPrimitives.ReadInt64LittleEndian(bytes[(8 + HashBytes)..]);
        var hashes = bytes[HeaderBytes..^HashBytes];
        return hashes.Length == (size + ChunkBytes - 1) / ChunkBytes * HashBytes ? new ChunkList(digest, size, hashes.ToArray()) : null;
    }
}
