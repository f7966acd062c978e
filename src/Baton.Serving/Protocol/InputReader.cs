using System.Text.Json;
using Baton.Inference;

namespace Baton.Serving.Protocol;

/// <summary>Reads one item of <c>inputs</c>. Its members may come in any order; data that come before what they are read by are read when that is known.</summary>
internal ref struct InputReader(IReadOnlyList<TensorSpec> inputs, IReadOnlyList<TensorSpec> reserved, int bodyLength, int maxRows)
{
    private const int MaxRank = 32;

    private TensorSpec? _spec;
    private string? _datatype;
    private long[]? _shape;
    private Array? _values;

    /// <summary>Reads from the token that opens the item to the one that closes it.</summary>
    /// <exception cref="RequestException">It is no input of the model.</exception>
    public Tensor Read(ref Utf8JsonReader reader)
    {
        var data = default(Utf8JsonReader);
        var hasData = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("data"u8))
            {
                Once("data", hasData);
                reader.Read();
                hasData = true;
                if (_spec is not null && _datatype is not null && _shape is not null)
                {
                    _values = Values(ref reader);
                }
                else
                {
                    data = reader;
                    reader.Skip();
                }
            }
            else if (reader.ValueTextEquals("name"u8))
            {
                Once("name", _spec is not null);
                _spec = Spec(ref reader);
            }
            else if (reader.ValueTextEquals("shape"u8))
            {
                Once("shape", _shape is not null);
                _shape = Shape(ref reader);
            }
            else if (reader.ValueTextEquals("datatype"u8))
            {
                Once("datatype", _datatype is not null);
                reader.Read();
                _datatype = reader.TokenType == JsonTokenType.String
                    ? reader.GetString()
                    : throw new RequestException($"`datatype` of {Named} is a text such as FP32, and {TensorData.Shown(ref reader)} came.");
            }
            else
            {
                reader.Skip();
            }
        }

        if (_spec is null)
            throw new RequestException($"An item of `inputs` has no `name`; the model expects {TensorText.Listed(inputs)}.");
        if (_datatype is null || _shape is null || !hasData)
        {
            var missing = _datatype is null ? "datatype" : _shape is null ? "shape" : "data";
            throw new RequestException($"{Named} has no `{missing}`: expected {Expected}.");
        }

        _values ??= Values(ref data);
        return new Tensor(_spec.Name, _shape, _values);
    }

    private readonly string Named => _spec is null ? "an input" : $"input '{_spec.Name}'";

    private readonly string Expected => $"{_spec!.Datatype} {TensorData.Listed(_spec.Shape)} (-1 is free)";

    // A shape that came again after the data would not be the one they were read by.
    private readonly void Once(string member, bool isThere)
    {
        if (isThere)
            throw new RequestException($"{Named} has `{member}` twice; give it once.");
    }

    private readonly TensorSpec Spec(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.String)
            throw new RequestException($"The `name` of an input is a text, and {TensorData.Shown(ref reader)} came.");
        for (var i = 0; i < inputs.Count; i++)
        {
            if (reader.ValueTextEquals(inputs[i].Name))
                return inputs[i];
        }

        for (var i = 0; i < reserved.Count; i++)
        {
            if (reader.ValueTextEquals(reserved[i].Name))
                return reserved[i];
        }

        throw new RequestException($"The model has no input '{reader.GetString()}'; it expects {TensorText.Listed(inputs)}.");
    }

    private readonly long[] Shape(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
            throw new RequestException($"`shape` of {Named} is an array of whole numbers, and {TensorData.Shown(ref reader)} came.");
        Span<long> shape = stackalloc long[MaxRank];
        var rank = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var dimension) || dimension < 0)
                throw new RequestException($"`shape` of {Named} has whole numbers from 0, and {TensorData.Shown(ref reader)} came.");
            if (rank == MaxRank)
                throw new RequestException($"`shape` of {Named} has more than {MaxRank} dimensions.");
            shape[rank++] = dimension;
        }

        return shape[..rank].ToArray();
    }

    private readonly Array Values(ref Utf8JsonReader reader)
    {
        var (spec, shape) = (_spec!, _shape!);
        var isReserved = reserved.Contains(spec);
        if (spec.Datatype != _datatype)
            throw new RequestException($"{Named} has another datatype: expected {Expected}, came {_datatype} {TensorData.Listed(shape)}.");
        if (!(isReserved ? shape is [_] or [_, 1] : Fits(spec.Shape, shape)))
            throw new RequestException($"{Named} has another shape: expected {Expected}, came {_datatype} {TensorData.Listed(shape)}.");
        if (shape.Length > 0 && shape[0] > maxRows)
            throw new RequestException($"{Named} has {shape[0]} rows, and {maxRows} are taken at once; send fewer.");
        // A value takes a byte at least: what the body cannot hold is not made room for.
        Int128 count = 1;
        foreach (var dimension in shape)
            count = count > bodyLength ? count : count * dimension;
        if (Array.IndexOf(shape, 0L) >= 0)
            count = 0;
        if (count == 0 && shape[0] > 0)
            throw new RequestException($"{Named} has shape {TensorData.Listed(shape)}: rows without a value.");
        if (count > bodyLength)
            throw new RequestException($"{Named} has shape {TensorData.Listed(shape)}, more values than the whole body of {bodyLength} bytes holds.");
        return TensorData.Read(ref reader, spec.Name, spec.Datatype, shape, (int)count);
    }

    // A model that leaves the rank of an input open says no dimensions at all.
    private static bool Fits(IReadOnlyList<long> expected, long[] given)
    {
        if (expected.Count == 0)
            return true;
        if (expected.Count != given.Length)
            return false;
        for (var i = 0; i < given.Length; i++)
        {
            if (expected[i] >= 0 && expected[i] != given[i])
                return false;
        }

        return true;
    }
}
