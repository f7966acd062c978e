namespace Baton.Inference.Execution;

/// <summary>
/// One typed column of a frame: a tensor as raw bytes. Numbers are little-endian and dense, <c>BOOL</c> is one byte, <c>BYTES</c> is a 4-byte
/// little-endian length before each element (the binary form of the Open Inference Protocol).
/// </summary>
/// <param name="Name">Name of the tensor.</param>
/// <param name="Datatype">Open Inference Protocol datatype: <c>FP32</c>, <c>BYTES</c> …</param>
/// <param name="Shape">Dimensions, none negative.</param>
/// <param name="Content">The elements.</param>
internal sealed record FrameColumn(string Name, string Datatype, IReadOnlyList<long> Shape, ReadOnlyMemory<byte> Content)
{
    /// <summary>Bytes of one element; 0 for <c>BYTES</c>, whose elements have no fixed size; null for a datatype that is not spoken.</summary>
    public static int? ElementSize(string datatype) => datatype switch
    {
        "BOOL" or "INT8" or "UINT8" => 1,
        "INT16" or "UINT16" or "FP16" => 2,
        "INT32" or "UINT32" or "FP32" => 4,
        "INT64" or "UINT64" or "FP64" => 8,
        "BYTES" => 0,
        _ => null,
    };

    /// <summary>Number of elements; null where a dimension is negative or the product does not fit.</summary>
    public static long? ElementCount(IReadOnlyList<long> shape)
    {
        long count = 1;
        foreach (var dimension in shape)
        {
            if (dimension < 0 || (dimension > 0 && count > long.MaxValue / dimension))
                return null;
            count *= dimension;
        }

        return count;
    }
}
