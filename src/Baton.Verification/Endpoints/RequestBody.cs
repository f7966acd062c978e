using System.Text.Json;
using System.Text.Json.Serialization;
using Baton.Inference;

namespace Baton.Verification.Endpoints;

/// <summary>Rows as the body of a request.</summary>
internal static class RequestBody
{
    private static readonly JsonSerializerOptions Json = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    /// <summary>The body.</summary>
    /// <param name="protocol">The protocol of the endpoint.</param>
    /// <param name="inputs">The inputs; the first dimension is the row.</param>
    public static byte[] Of(EndpointProtocol protocol, IReadOnlyList<Tensor> inputs) => JsonSerializer.SerializeToUtf8Bytes<object>(protocol switch
    {
        // https://github.com/kserve/open-inference-protocol: data row-major and flat
        EndpointProtocol.OpenInference => new Dictionary<string, object>
        {
            ["inputs"] = inputs.Select(t => new Dictionary<string, object> { ["name"] = t.Name, ["shape"] = t.Shape, ["datatype"] = t.Datatype, ["data"] = t.Values.Cast<object>().ToArray() }),
        },
        EndpointProtocol.TensorFlowServing => new Dictionary<string, object> { ["instances"] = Rows(inputs, bareWhereSingle: true) },
        EndpointProtocol.Mlflow when inputs.All(t => t.Width == 1) => new Dictionary<string, object>
        {
            ["dataframe_split"] = new Dictionary<string, object>
            {
                ["columns"] = inputs.Select(t => t.Name),
                ["data"] = Enumerable.Range(0, inputs[0].Rows).Select(row => inputs.Select(t => t.Values.GetValue(row))),
            },
        },
        EndpointProtocol.Mlflow => new Dictionary<string, object> { ["inputs"] = inputs.ToDictionary(t => t.Name, t => Enumerable.Range(0, t.Rows).Select(row => Row(t, row))) },
        _ => Rows(inputs, bareWhereSingle: false),
    }, Json);

    /// <summary>What a good answer has in it; null where anything may come.</summary>
    public static byte[]? Expected(EndpointProtocol protocol) => protocol switch
    {
        EndpointProtocol.OpenInference => "\"outputs\""u8.ToArray(),
        EndpointProtocol.Mlflow => "\"predictions\""u8.ToArray(),
        EndpointProtocol.TensorFlowServing => "\"predictions\""u8.ToArray(),
        _ => null,
    };

    private static IEnumerable<object> Rows(IReadOnlyList<Tensor> inputs, bool bareWhereSingle) => Enumerable.Range(0, inputs[0].Rows).Select(row =>
        bareWhereSingle && inputs.Count == 1 ? Row(inputs[0], row) : inputs.ToDictionary(t => t.Name, t => Row(t, row)));

    private static object Row(Tensor tensor, int row) => tensor.Shape.Count < 2
        ? tensor.Values.GetValue(row)!
        : Nested(tensor.Values, [.. tensor.Shape.Skip(1)], row * tensor.Width);

    private static object Nested(Array values, long[] shape, int at)
    {
        var width = shape.Skip(1).Aggregate(1L, (product, d) => product * d);
        return Enumerable.Range(0, (int)shape[0]).Select(i => shape.Length == 1 ? values.GetValue(at + i)! : Nested(values, shape[1..], (int)(at + (i * width)))).ToArray();
    }
}
