using System.Buffers.Binary;
using System.IO.Hashing;
using System.Security.Cryptography;

namespace Baton.Storage;

/// <summary>
/// The checks of a blob's chunks, so that a range can be checked without reading the whole. On disk: <c>BATONCH2</c>, the blob's SHA-256, its size as
/// a little-endian 64-bit number, the XxHash128 of every MiB, and the SHA-256 of all that. Lists of the first kind (<c>BATONCH1</c>: the SHA-256 of
/// every 4 MiB) are still read (docs/adr/0010).
/// </summary>
internal sealed class ChunkList
{
    /// <summary>Bytes of a chunk of the lists that are written.</summary>
    public const int WrittenChunkBytes = 1024 * 1024;

    private const int CheckBytes = 16;
    private const int HashBytes = SHA256.HashSizeInBytes;
    private const int HeaderBytes = 8 + HashBytes + 8;
    private const int FirstChunkBytes = 4 * 1024 * 1024;

    private readonly byte[] _checks;
    private readonly bool _first;

    public ChunkList(Digest digest, long size, byte[] checks)
        : this(digest, size, checks, first: false)
    {
    }

    private ChunkList(Digest digest, long size, byte[] checks, bool first)
    {
        Digest = digest;
        Size = size;
        _checks = checks;
        _first = first;
    }

    public Digest Digest { get; }

    public long Size { get; }

    /// <summary>Bytes of a chunk; the last one may be shorter.</summary>
    public int ChunkBytes => _first ? FirstChunkBytes : WrittenChunkBytes;

    private static ReadOnlySpan<byte> Magic => "BATONCH2"u8;

    private static ReadOnlySpan<byte> FirstMagic => "BATONCH1"u8;

    public static string PathFor(string blobPath) => blobPath + ".chunks";

    /// <summary>Whether bytes are those of a chunk when it was stored.</summary>
    public bool Fits(int chunk, ReadOnlySpan<byte> bytes)
    {
        Span<byte> check = stackalloc byte[HashBytes];
        var length = _first ? SHA256.HashData(bytes, check) : XxHash128.Hash(bytes, check);
        return check[..length].SequenceEqual(_checks.AsSpan(chunk * length, length));
    }

    public byte[] ToBytes()
    {
        var bytes = new byte[HeaderBytes + _checks.Length + HashBytes];
        (_first ? FirstMagic : Magic).CopyTo(bytes);
        Convert.FromHexString(Digest.Hex).CopyTo(bytes.AsSpan(8));
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(8 + HashBytes), Size);
        _checks.CopyTo(bytes.AsSpan(HeaderBytes));
        SHA256.HashData(bytes.AsSpan(..^HashBytes), bytes.AsSpan(bytes.Length - HashBytes));
        return bytes;
    }

    /// <summary>Null where the bytes are not a chunk list of this blob.</summary>
    public static ChunkList? TryRead(Digest digest, ReadOnlySpan<byte> bytes)
    {
        var first = bytes.StartsWith(FirstMagic);
        if (bytes.Length < HeaderBytes + HashBytes || !(first || bytes.StartsWith(Magic))
            || !SHA256.HashData(bytes[..^HashBytes]).AsSpan().SequenceEqual(bytes[^HashBytes..])
            || Digest.FromHash(bytes.Slice(8, HashBytes)) != digest)
            return null;
        var size = BinaryPrimitives.ReadInt64LittleEndian(bytes[(8 + HashBytes)..]);
        var list = new ChunkList(digest, size, bytes[HeaderBytes..^HashBytes].ToArray(), first);
        return list._checks.Length == (size + list.ChunkBytes - 1) / list.ChunkBytes * (first ? HashBytes : CheckBytes) ? list : null;
    }
}
