using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Baton.Inference;

namespace Baton.Serving.Log;

/// <summary>
/// Tensors of an answer as a JSON object for each row: name to value. A number or text where the row has one value, nested arrays by the rest of the
/// shape where it has more; NaN and infinities as the texts <c>"NaN"</c>, <c>"Infinity"</c>, <c>"-Infinity"</c>; null where the value is redacted.
/// </summary>
internal sealed class RowJson : IDisposable
{
    private readonly ArrayBufferWriter<byte> _bytes = new();
    private readonly Utf8JsonWriter _json;

    public RowJson() => _json = new Utf8JsonWriter(_bytes, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });

    /// <summary>The object of one row.</summary>
    /// <param name="tensors">The tensors. One whose first dimension is not the number of rows belongs to each row as a whole.</param>
    /// <param name="row">The row, from 0.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="redacted">Names whose values are not written.</param>
    public string Write(IReadOnlyList<Tensor> tensors, int row, int rows, IReadOnlyList<string> redacted)
    {
        _bytes.ResetWrittenCount();
        _json.Reset();
        _json.WriteStartObject();
        foreach (var tensor in tensors)
        {
            _json.WritePropertyName(tensor.Name);
            if (redacted.Contains(tensor.Name))
                _json.WriteNullValue();
            else if (tensor.Shape.Count == 0 || tensor.Shape[0] != rows)
                Nest(tensor, 0, 0);
            else if (tensor.Shape.Count <= 2 && tensor.Width == 1)
                Value(tensor.Values, row);
            else
                Nest(tensor, 1, row * tensor.Width);
        }

        _json.WriteEndObject();
        _json.Flush();
        return Encoding.UTF8.GetString(_bytes.WrittenSpan);
    }

    public void Dispose() => _json.Dispose();

    /// <summary>Writes the dimensions from one on, and returns the place after the last value.</summary>
    private int Nest(Tensor tensor, int dimension, int at)
    {
        if (dimension == tensor.Shape.Count)
        {
            Value(tensor.Values, at);
            return at + 1;
        }

        _json.WriteStartArray();
        for (var i = 0L; i < tensor.Shape[dimension]; i++)
            at = Nest(tensor, dimension + 1, at);
        _json.WriteEndArray();
        return at;
    }

    private void Value(Array values, int at)
    {
        switch (values)
        {
            case float[] v:
                Number(v[at]);
                break;
            case double[] v when double.IsFinite(v[at]):
                _json.WriteNumberValue(v[at]);
                break;
            case double[] v:
                Strange(v[at]);
                break;
            case Half[] v:
                Number((float)v[at]);
                break;
            case string[] v:
                _json.WriteStringValue(v[at]);
                break;
            case bool[] v:
                _json.WriteBooleanValue(v[at]);
                break;
            // The runtime takes an array of signed for one of unsigned numbers of the same size, and the other way round: the type itself must be asked.
            case ulong[] v when values.GetType() == typeof(ulong[]):
                _json.WriteNumberValue(v[at]);
                break;
            case long[] v:
                _json.WriteNumberValue(v[at]);
                break;
            default:
                _json.WriteNumberValue(Convert.ToInt64(values.GetValue(at), System.Globalization.CultureInfo.InvariantCulture));
                break;
        }
    }

    private void Number(float value)
    {
        if (float.IsFinite(value))
            _json.WriteNumberValue(value);
        else
            Strange(value);
    }

    private void Strange(double value) => _json.WriteStringValue(double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");
}
