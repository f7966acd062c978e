using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;

namespace Baton.Serving.Log;

/// <summary>
/// The rows of one answer as bytes of a segment: length, checksum (CRC-32C), head, rows. Binary rather than lines of JSON, because a checksum tells
/// a torn or rotten end from a whole one, and what the rows share is written once.
/// </summary>
internal static class Frame
{
    private const int Head = sizeof(int) + sizeof(uint);

    /// <summary>Appends a frame. Nothing is appended where there is no row.</summary>
    public static void Write(MemoryStream to, SpoolHead head, IReadOnlyCollection<SpoolRow> rows)
    {
        if (rows.Count == 0)
            return;
        var start = (int)to.Position;
        using (var writer = new BinaryWriter(to, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(0L);
            writer.Write(head.Project);
            writer.Write(head.Endpoint);
            writer.Write(head.Arm);
            writer.Write(head.Version);
            writer.Write(head.ManifestDigest);
            writer.Write(head.LoggedAt);
            writer.Write(head.LatencyUs);
            writer.Write(head.Propensity);
            writer.Write(rows.Count);
            foreach (var row in rows)
            {
                writer.Write(row.PredictionId);
                writer.Write(row.EventTime);
                writer.Write(row.Score is not null);
                writer.Write(row.Score ?? 0);
                writer.Write(row.Inputs);
                writer.Write(row.Outputs);
            }
        }

        var frame = to.GetBuffer().AsSpan(start, (int)to.Position - start);
        BinaryPrimitives.WriteInt32LittleEndian(frame, frame.Length - Head);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[sizeof(int)..], Checksum(frame[Head..]));
    }

    /// <summary>Reads the rows of a segment up to its end or the first frame that is not whole.</summary>
    /// <param name="segment">The segment's bytes.</param>
    /// <param name="whole">Bytes that were whole frames.</param>
    public static List<SpoolRow> ReadAll(byte[] segment, out int whole)
    {
        var rows = new List<SpoolRow>();
        whole = 0;
        while (segment.Length - whole > Head)
        {
            var rest = segment.AsSpan(whole);
            var length = BinaryPrimitives.ReadInt32LittleEndian(rest);
            if (length <= 0 || length > rest.Length - Head || Checksum(rest.Slice(Head, length)) != BinaryPrimitives.ReadUInt32LittleEndian(rest[sizeof(int)..]))
                break;
            Read(segment, whole + Head, length, rows);
            whole += Head + length;
        }

        return rows;
    }

    private static void Read(byte[] segment, int start, int length, List<SpoolRow> rows)
    {
        using var reader = new BinaryReader(new MemoryStream(segment, start, length, writable: false), Encoding.UTF8);
        var head = new SpoolHead(
            reader.ReadString(), reader.ReadString(), reader.ReadString(), reader.ReadString(), reader.ReadString(), reader.ReadInt64(), reader.ReadInt64(),
            reader.ReadDouble());
        for (var left = reader.ReadInt32(); left > 0; left--)
        {
            var (id, time, scored, score) = (reader.ReadString(), reader.ReadInt64(), reader.ReadBoolean(), reader.ReadDouble());
            rows.Add(new SpoolRow(head, id, time, scored ? score : null, reader.ReadString(), reader.ReadString()));
        }
    }

    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (var word in words)
            crc = BitOperations.Crc32C(crc, BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word));
        foreach (var letter in bytes[(words.Length * sizeof(ulong))..])
            crc = BitOperations.Crc32C(crc, letter);
        return ~crc;
    }
}
