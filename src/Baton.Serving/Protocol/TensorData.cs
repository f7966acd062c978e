using System.Text;
using System.Text.Json;

namespace Baton.Serving.Protocol;

/// <summary>Reads the <c>data</c> of a tensor, flat or nested to its shape, straight into the array that the model is given.</summary>
internal static class TensorData
{
    private const int ShownBytes = 40;

    /// <summary>Reads from the reader's present token, which must open an array, to the token that closes it.</summary>
    /// <param name="reader">Where the data are.</param>
    /// <param name="name">Name of the input, for errors.</param>
    /// <param name="datatype">Its datatype, one that <see cref="Inference.Datatypes"/> knows.</param>
    /// <param name="shape">Its shape, whose product is <paramref name="count"/>.</param>
    /// <param name="count">Number of elements expected.</param>
    /// <exception cref="RequestException">What is there is something else.</exception>
    public static Array Read(ref Utf8JsonReader reader, string name, string datatype, long[] shape, int count) => datatype switch
    {
        "FP32" => Read<float, Fp32>(ref reader, name, datatype, shape, count),
        "FP64" => Read<double, Fp64>(ref reader, name, datatype, shape, count),
        "FP16" => Read<Half, Fp16>(ref reader, name, datatype, shape, count),
        "INT64" => Read<long, Whole<long>>(ref reader, name, datatype, shape, count),
        "INT32" => Read<int, Whole<int>>(ref reader, name, datatype, shape, count),
        "INT16" => Read<short, Whole<short>>(ref reader, name, datatype, shape, count),
        "INT8" => Read<sbyte, Whole<sbyte>>(ref reader, name, datatype, shape, count),
        "UINT64" => Read<ulong, Whole<ulong>>(ref reader, name, datatype, shape, count),
        "UINT32" => Read<uint, Whole<uint>>(ref reader, name, datatype, shape, count),
        "UINT16" => Read<ushort, Whole<ushort>>(ref reader, name, datatype, shape, count),
        "UINT8" => Read<byte, Whole<byte>>(ref reader, name, datatype, shape, count),
        "BOOL" => Read<bool, Truth>(ref reader, name, datatype, shape, count),
        "BYTES" => Read<string, Text>(ref reader, name, datatype, shape, count),
        _ => throw new ArgumentException($"'{datatype}' is not a datatype.", nameof(datatype)),
    };

    private static T[] Read<T, TElement>(ref Utf8JsonReader reader, string name, string datatype, long[] shape, int count)
        where TElement : struct, IElement<T>
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw new RequestException($"Input '{name}': `data` is an array, and {Shown(ref reader)} came.");
        var values = new T[count];
        var read = 0L;
        // Items seen at each level of the nesting; level 0 is the outermost array. How deep the values lie shows with the first item.
        Span<int> items = stackalloc int[shape.Length + 1];
        items.Clear();
        var level = 0;
        var deepest = -1;
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartArray:
                    deepest = deepest < 0 ? shape.Length - 1 : deepest;
                    if (level >= deepest)
                        throw new RequestException($"Input '{name}': `data` is nested deeper than its shape {Listed(shape)}.");
                    items[level++]++;
                    items[level] = 0;
                    break;
                case JsonTokenType.EndArray:
                    if (deepest > 0 && items[level] != shape[level])
                    {
                        throw new RequestException(
                            $"Input '{name}': `data` is nested with {items[level]} items at depth {level + 1}, and shape {Listed(shape)} has {shape[level]} there.");
                    }

                    if (level-- > 0)
                        break;
                    return read == count ? values : throw new RequestException($"Input '{name}': shape {Listed(shape)} holds {count} values, and `data` has {read}.");
                default:
                    deepest = deepest < 0 ? 0 : deepest;
                    if (level != deepest)
                        throw new RequestException($"Input '{name}': `data` mixes values and arrays; give it flat, or nested to shape {Listed(shape)}.");
                    if (!TElement.TryRead(ref reader, out var value))
                    {
                        throw new RequestException(
                            $"Input '{name}', value {read} counted from 0: {datatype} needs {TElement.Expected}, and {Shown(ref reader)} came.");
                    }

                    if (read < count)
                        values[read] = value;
                    read++;
                    items[level]++;
                    break;
            }
        }

        throw new RequestException($"Input '{name}': `data` does not end.");
    }

    /// <summary>The reader's token in words, cut where it is long.</summary>
    public static string Shown(ref Utf8JsonReader reader)
    {
        var raw = NonFinite.Unmarked(reader.ValueSpan);
        var text = raw.Length <= ShownBytes ? Encoding.UTF8.GetString(raw) : Encoding.UTF8.GetString(raw[..ShownBytes]) + "…";
        return reader.TokenType switch
        {
            JsonTokenType.StartObject => "an object",
            JsonTokenType.StartArray => "an array",
            JsonTokenType.String when raw.Length == reader.ValueSpan.Length => $"the text \"{text}\"",
            _ => text,
        };
    }

    /// <summary>A shape as it is written.</summary>
    public static string Listed(IEnumerable<long> shape) => $"[{string.Join(", ", shape)}]";
}
