using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Baton.Inference;
using Baton.Serving.Models;

namespace Baton.Serving.Protocol;

/// <summary>
/// Writes answers. Floats are the shortest text that reads back as the same value of the tensor's own precision; what JSON has no form for is written
/// bare (<c>NaN</c>, <c>Infinity</c>, <c>-Infinity</c>), as Python reads and writes it.
/// </summary>
internal static class AnswerWriter
{
    /// <summary>Writes the answer to an inference request.</summary>
    /// <param name="target">Where to.</param>
    /// <param name="version">What answered.</param>
    /// <param name="request">What was asked.</param>
    /// <param name="outputs">All outputs of the model, in its order.</param>
    /// <param name="ids">Prediction ids, which every answer carries.</param>
    public static void Write(IBufferWriter<byte> target, ServedVersion version, InferenceRequest request, IReadOnlyList<Tensor> outputs, string[] ids)
    {
        using var json = new Utf8JsonWriter(target, JsonAnswer.Options);
        json.WriteStartObject();
        json.WriteString("model_name"u8, version.Endpoint);
        json.WriteString("model_version"u8, version.Version);
        if (request.Id is not null)
            json.WriteString("id"u8, request.Id);
        json.WriteStartArray("outputs"u8);
        var named = new Tensor(InferenceRequest.IdName, [ids.Length], ids);
        if (request.Outputs is null)
        {
            foreach (var output in outputs)
                Write(json, output);
        }
        else
        {
            foreach (var name in request.Outputs)
                Write(json, name == InferenceRequest.IdName ? named : outputs.First(o => o.Name == name));
        }

        if (request.Outputs is null || !request.Outputs.Contains(InferenceRequest.IdName))
            Write(json, named);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Writes inputs or outputs of a model as metadata.</summary>
    public static void Write(Utf8JsonWriter json, string member, IEnumerable<TensorSpec> specs)
    {
        json.WriteStartArray(member);
        foreach (var spec in specs)
        {
            json.WriteStartObject();
            WriteHead(json, spec.Name, spec.Datatype, spec.Shape);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, Tensor tensor)
    {
        json.WriteStartObject();
        WriteHead(json, tensor.Name, tensor.Datatype, tensor.Shape);
        json.WriteStartArray("data"u8);
        WriteValues(json, tensor);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteHead(Utf8JsonWriter json, string name, string datatype, IReadOnlyList<long> shape)
    {
        json.WriteString("name"u8, name);
        json.WriteString("datatype"u8, datatype);
        json.WriteStartArray("shape"u8);
        foreach (var dimension in shape)
            json.WriteNumberValue(dimension);
        json.WriteEndArray();
    }

    private static void WriteValues(Utf8JsonWriter json, Tensor tensor)
    {
        // By datatype, not by pattern: to the runtime a uint[] also is an int[].
        switch (tensor.Datatype)
        {
            case "FP32":
                foreach (var value in (float[])tensor.Values)
                {
                    if (float.IsFinite(value))
                        json.WriteNumberValue(value);
                    else
                        WriteNonFinite(json, value);
                }

                break;
            case "FP64":
                foreach (var value in (double[])tensor.Values)
                {
                    if (double.IsFinite(value))
                        json.WriteNumberValue(value);
                    else
                        WriteNonFinite(json, value);
                }

                break;
            case "FP16":
                foreach (var value in (Half[])tensor.Values)
                {
                    if (Half.IsFinite(value))
                        json.WriteRawValue(value.ToString(CultureInfo.InvariantCulture), skipInputValidation: true);
                    else
                        WriteNonFinite(json, (double)value);
                }

                break;
            case "BOOL":
                foreach (var value in (bool[])tensor.Values)
                    json.WriteBooleanValue(value);
                break;
            case "BYTES":
                foreach (var value in (string[])tensor.Values)
                    json.WriteStringValue(value);
                break;
            case "UINT64":
                foreach (var value in (ulong[])tensor.Values)
                    json.WriteNumberValue(value);
                break;
            case "INT64":
                foreach (var value in (long[])tensor.Values)
                    json.WriteNumberValue(value);
                break;
            default:
                WriteSmallIntegers(json, tensor);
                break;
        }
    }

    private static void WriteSmallIntegers(Utf8JsonWriter json, Tensor tensor)
    {
        for (var i = 0; i < tensor.Values.Length; i++)
        {
            json.WriteNumberValue(tensor.Datatype switch
            {
                "INT32" => ((int[])tensor.Values)[i],
                "INT16" => ((short[])tensor.Values)[i],
                "INT8" => ((sbyte[])tensor.Values)[i],
                "UINT32" => ((uint[])tensor.Values)[i],
                "UINT16" => ((ushort[])tensor.Values)[i],
                _ => ((byte[])tensor.Values)[i],
            });
        }
    }

    private static void WriteNonFinite(Utf8JsonWriter json, double value) =>
        json.WriteRawValue(double.IsNaN(value) ? "NaN"u8 : value > 0 ? "Infinity"u8 : "-Infinity"u8, skipInputValidation: true);
}
