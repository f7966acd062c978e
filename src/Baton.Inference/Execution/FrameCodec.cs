using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Baton.Inference.Execution;

/// <summary>One message between a model process and its owner.</summary>
internal sealed record Frame(FrameHeader Header, IReadOnlyList<FrameColumn> Columns)
{
    /// <summary>A frame without columns.</summary>
    public Frame(FrameHeader header) : this(header, [])
    {
    }
}

/// <summary>A stream that does not hold frames: cut short, damaged, or beyond the limits.</summary>
internal sealed class InvalidFrameException(string message) : Exception(message);

/// <summary>
/// Frames on a stream: 4 bytes <c>BMP1</c>, 4 bytes length of the header (little-endian), the header as JSON, then the columns' bytes in order.
/// The other side may run anybody's model, so every length is bounded and memory grows with the bytes that came, not with what was promised.
/// </summary>
internal static class FrameCodec
{
    internal const int MaxHeaderBytes = 1 << 20;
    internal const int MaxColumns = 4096;
    internal const long MaxContentBytes = 512L << 20;
    private const int Step = 1 << 20;
    private static readonly byte[] Magic = "BMP1"u8.ToArray();

    private static readonly JsonSerializerOptions HeaderJson = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = JsonNumberHandling.Strict,
    };

    /// <summary>Writes a frame and flushes.</summary>
    /// <exception cref="InvalidFrameException">The frame is larger than a reader would take.</exception>
    public static async Task WriteAsync(Stream stream, Frame frame, CancellationToken cancellation)
    {
        var header = frame.Header with
        {
            Columns = [.. frame.Columns.Select(c => new FrameColumnHeader(c.Name, c.Datatype, c.Shape, c.Content.Length))],
        };
        var json = JsonSerializer.SerializeToUtf8Bytes(header, HeaderJson);
        if (json.Length > MaxHeaderBytes || header.Columns.Count > MaxColumns || header.Columns.Sum(c => c.Bytes) > MaxContentBytes)
        {
            throw new InvalidFrameException(
                $"A frame of {header.Columns.Count} columns and {header.Columns.Sum(c => c.Bytes)} bytes is too large; " +
                $"the limits are {MaxColumns} columns and {MaxContentBytes} bytes. Send fewer rows at once.");
        }

        var head = new byte[Magic.Length + sizeof(int) + json.Length];
        Magic.CopyTo(head, 0);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(Magic.Length), json.Length);
        json.CopyTo(head, Magic.Length + sizeof(int));
        await stream.WriteAsync(head, cancellation);
        foreach (var column in frame.Columns)
            await stream.WriteAsync(column.Content, cancellation);
        await stream.FlushAsync(cancellation);
    }

    /// <summary>Reads a frame; null where the stream ends before one begins.</summary>
    /// <exception cref="InvalidFrameException">What came is not a frame.</exception>
    public static async Task<Frame?> ReadAsync(Stream stream, CancellationToken cancellation)
    {
        var prefix = new byte[Magic.Length + sizeof(int)];
        var got = await stream.ReadAtLeastAsync(prefix, prefix.Length, throwOnEndOfStream: false, cancellation);
        if (got == 0)
            return null;
        if (got < prefix.Length)
            throw new InvalidFrameException($"The stream ended after {got} of the {prefix.Length} bytes that begin a frame.");
        if (!prefix.AsSpan(0, Magic.Length).SequenceEqual(Magic))
            throw new InvalidFrameException($"A frame begins with BMP1; the stream has {Convert.ToHexString(prefix.AsSpan(0, Magic.Length))}.");
        var length = BinaryPrimitives.ReadInt32LittleEndian(prefix.AsSpan(Magic.Length));
        if (length is <= 0 or > MaxHeaderBytes)
            throw new InvalidFrameException($"A frame's header has 1 to {MaxHeaderBytes} bytes; this one claims {length}.");

        var header = ParseHeader(await ReadExactlyAsync(stream, length, cancellation));
        var columns = new List<FrameColumn>(header.Columns.Count);
        foreach (var column in header.Columns)
            columns.Add(new FrameColumn(column.Name, column.Datatype, column.Shape, await ReadExactlyAsync(stream, column.Bytes, cancellation)));
        return new Frame(header, columns);
    }

    private static FrameHeader ParseHeader(byte[] json)
    {
        FrameHeader header;
        try
        {
            header = JsonSerializer.Deserialize<FrameHeader>(json, HeaderJson)
                ?? throw new InvalidFrameException("A frame's header is null.");
        }
        catch (JsonException e)
        {
            throw new InvalidFrameException($"A frame's header is not the JSON expected: {e.Message}");
        }

        if (header.Verb is null || header.Columns is null || header.Columns.Count > MaxColumns)
            throw new InvalidFrameException($"A frame's header needs a verb and at most {MaxColumns} columns.");
        long total = 0;
        foreach (var column in header.Columns)
        {
            if (column?.Name is null || column.Datatype is null || column.Shape is null)
                throw new InvalidFrameException("A column of a frame needs name, datatype and shape.");
            var size = FrameColumn.ElementSize(column.Datatype)
                ?? throw new InvalidFrameException($"Column {column.Name} has the unknown datatype {column.Datatype}.");
            var count = FrameColumn.ElementCount(column.Shape)
                ?? throw new InvalidFrameException($"Column {column.Name} has the impossible shape [{string.Join(", ", column.Shape)}].");
            var least = size == 0 ? sizeof(int) : size;
            if (column.Bytes < 0 || column.Bytes > MaxContentBytes || count > MaxContentBytes || count * least > column.Bytes
                || (size > 0 && count * size != column.Bytes))
            {
                throw new InvalidFrameException(
                    $"Column {column.Name} claims {column.Bytes} bytes; {column.Datatype} [{string.Join(", ", column.Shape)}] needs {count * least}.");
            }

            total += column.Bytes;
        }

        return total <= MaxContentBytes ? header : throw new InvalidFrameException($"A frame claims {total} bytes; the limit is {MaxContentBytes}.");
    }

    private static async Task<byte[]> ReadExactlyAsync(Stream stream, long length, CancellationToken cancellation)
    {
        var content = new byte[(int)Math.Min(length, Step)];
        var filled = 0;
        while (true)
        {
            filled += await stream.ReadAtLeastAsync(content.AsMemory(filled), content.Length - filled, throwOnEndOfStream: false, cancellation);
            if (filled < content.Length)
                throw new InvalidFrameException($"The stream ended {length - filled} bytes before the end of a frame.");
            if (filled == length)
                return content;
            Array.Resize(ref content, (int)Math.Min(length, content.Length * 2L));
        }
    }
}
