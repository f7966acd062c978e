using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Baton.Inference.Execution;

/// <summary>Tensors as columns of a frame and back, and rows cut out of them.</summary>
internal static class TensorColumns
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>The tensor's values as raw bytes.</summary>
    public static FrameColumn ToColumn(Tensor tensor) => new(tensor.Name, tensor.Datatype, tensor.Shape, tensor.Values switch
    {
        string[] texts => Encode(texts),
        var numbers => Raw(numbers, tensor.Datatype).ToArray(),
    });

    /// <summary>The column as a tensor.</summary>
    /// <exception cref="InvalidFrameException">Its bytes are not what its datatype and shape say.</exception>
    public static Tensor ToTensor(FrameColumn column)
    {
        var count = FrameColumn.ElementCount(column.Shape) ?? -1;
        if (count < 0 || count > Array.MaxLength || FrameColumn.ElementSize(column.Datatype) is not { } size)
            throw new InvalidFrameException($"Column {column.Name} {column.Datatype} [{string.Join(", ", column.Shape)}] is no tensor.");
        if (size == 0)
            return new Tensor(column.Name, column.Shape, Decode(column, (int)count));
        if (column.Content.Length != count * size)
            throw new InvalidFrameException($"Column {column.Name} has {column.Content.Length} bytes; its shape needs {count * size}.");
        var values = Array.CreateInstance(Datatypes.ElementType(column.Datatype), count);
        column.Content.Span.CopyTo(Raw(values, column.Datatype));
        // Any byte but 0 and 1 would make a bool that is neither.
        if (values is bool[])
            foreach (ref var one in Raw(values, column.Datatype))
                one = one == 0 ? (byte)0 : (byte)1;
        return new Tensor(column.Name, column.Shape, values);
    }

    /// <summary>Rows of a tensor whose first dimension is the row; the row numbers wrap around.</summary>
    public static Tensor Rows(Tensor tensor, int start, int count)
    {
        var width = tensor.Width;
        var rows = tensor.Rows;
        var values = Array.CreateInstance(tensor.Values.GetType().GetElementType()!, count * width);
        for (var i = 0; i < count;)
        {
            var from = (start + i) % rows;
            var run = Math.Min(rows - from, count - i);
            Array.Copy(tensor.Values, from * width, values, i * width, run * width);
            i += run;
        }

        return new Tensor(tensor.Name, [count, .. tensor.Shape.Skip(1)], values);
    }

    private static byte[] Encode(string[] texts)
    {
        var bytes = new byte[texts.Sum(t => sizeof(int) + Utf8.GetByteCount(t))];
        var at = 0;
        foreach (var text in texts)
        {
            var written = Utf8.GetBytes(text, bytes.AsSpan(at + sizeof(int)));
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at), written);
            at += sizeof(int) + written;
        }

        return bytes;
    }

    private static string[] Decode(FrameColumn column, int count)
    {
        var content = column.Content.Span;
        var texts = new string[count];
        for (var i = 0; i < count; i++)
        {
            if (!BinaryPrimitives.TryReadInt32LittleEndian(content, out var length) || length < 0 || length > content.Length - sizeof(int))
                throw new InvalidFrameException($"Column {column.Name} ends inside text {i} of {count}.");
            texts[i] = Utf8.GetString(content.Slice(sizeof(int), length));
            content = content[(sizeof(int) + length)..];
        }

        return content.IsEmpty ? texts : throw new InvalidFrameException($"Column {column.Name} has {content.Length} bytes after its last text.");
    }

    private static Span<byte> Raw(Array values, string datatype) => datatype switch
    {
        "FP32" => MemoryMarshal.AsBytes(((float[])values).AsSpan()),
        "FP64" => MemoryMarshal.AsBytes(((double[])values).AsSpan()),
        "FP16" => MemoryMarshal.AsBytes(((Half[])values).AsSpan()),
        "INT64" => MemoryMarshal.AsBytes(((long[])values).AsSpan()),
        "INT32" => MemoryMarshal.AsBytes(((int[])values).AsSpan()),
        "INT16" => MemoryMarshal.AsBytes(((short[])values).AsSpan()),
        "INT8" => MemoryMarshal.AsBytes(((sbyte[])values).AsSpan()),
        "UINT64" => MemoryMarshal.AsBytes(((ulong[])values).AsSpan()),
        "UINT32" => MemoryMarshal.AsBytes(((uint[])values).AsSpan()),
        "UINT16" => MemoryMarshal.AsBytes(((ushort[])values).AsSpan()),
        "UINT8" => (byte[])values,
        "BOOL" => MemoryMarshal.AsBytes(((bool[])values).AsSpan()),
        _ => throw new InvalidFrameException($"Datatype {datatype} has no raw form."),
    };
}
