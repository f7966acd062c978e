using Baton.Inference.Format;

namespace Baton.Inference;

/// <summary>How many values a stored tensor holds, checked against the bytes that are there.</summary>
internal static class TensorSize
{
    private const int ExternalLocation = 1;

    /// <summary>Floating-point values of a tensor; 0 for integers, text and booleans.</summary>
    /// <exception cref="InvalidModelException">It declares other values than it carries.</exception>
    public static long Floats(TensorProto tensor)
    {
        // Bits of a value by ONNX element type: the floats, from FP64 to FP4.
        var bits = tensor.DataType switch
        {
            11 => 64,
            1 => 32,
            10 or 16 => 16,
            17 or 18 or 19 or 20 or 24 => 8,
            23 => 4,
            _ => 0,
        };
        return bits == 0 ? 0 : Checked(tensor, bits);
    }

    private static long Checked(TensorProto tensor, int bits)
    {
        UInt128 declared = 1;
        foreach (var dimension in tensor.Dims)
        {
            if (dimension < 0)
                throw new InvalidModelException($"its tensor '{tensor.Name}' declares the shape {Shape(tensor)}, which has a negative dimension.");
            declared = declared > long.MaxValue ? declared : declared * (ulong)dimension;
        }

        if (declared > long.MaxValue / 64)
            throw Differs(tensor, "more than any file holds");
        var count = (long)declared;
        var bytes = (count * bits + 7) / 8;
        if (tensor.DataLocation == ExternalLocation)
        {
            var length = tensor.ExternalData.FirstOrDefault(e => e.Key == "length")?.Value;
            if (length is not null && (!long.TryParse(length, out var external) || external != bytes))
                throw Differs(tensor, $"{length} bytes of external data");
        }
        else if (tensor.RawData.Length > 0)
        {
            if (tensor.RawData.Length != bytes)
                throw Differs(tensor, $"{tensor.RawData.Length} bytes");
        }
        else
        {
            // 16-bit and smaller floats are stored one to an int32, the smallest two.
            var carried = tensor.DataType switch
            {
                1 => tensor.FloatData.Count,
                11 => tensor.DoubleData.Count,
                23 => Math.Min(count, tensor.Int32Data.Count * 2L),
                _ => tensor.Int32Data.Count,
            };
            if (carried != count)
                throw Differs(tensor, $"{carried} values");
        }

        return count;
    }

    private static InvalidModelException Differs(TensorProto tensor, string carried) =>
        new($"its tensor '{tensor.Name}' declares the shape {Shape(tensor)} and carries {carried}.");

    private static string Shape(TensorProto tensor) => $"[{string.Join(", ", tensor.Dims)}]";
}
