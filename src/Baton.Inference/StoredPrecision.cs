using Baton.Inference.Format;

namespace Baton.Inference;

/// <summary>In which precision a model stores what it learned. Operators of <c>ai.onnx.ml</c> keep theirs as fp32.</summary>
internal static class StoredPrecision
{
    // An int8 tensor of a value or two is a zero point, not weights.
    private const long FewestQuantised = 3;

    /// <summary>The precision; null where nothing was learned.</summary>
    public static string? Of(ModelProto model)
    {
        var values = new Dictionary<string, long>(StringComparer.Ordinal);
        void Add(string? precision, long count)
        {
            if (precision is not null && count > 0)
                values[precision] = values.GetValueOrDefault(precision) + count;
        }

        foreach (var graph in Graphs.Of(model.Graph))
        {
            foreach (var tensor in graph.Initializer.Concat(graph.SparseInitializer.Select(s => s.Values).OfType<TensorProto>()))
                Add(Name(tensor), Count(tensor));
            foreach (var tensor in graph.Node.Where(n => n.OpType == "Constant").SelectMany(n => n.Attribute).Select(a => a.T).OfType<TensorProto>())
                Add(Name(tensor), Count(tensor));
        }

        // Everything else that is counted as learned stands in float attributes.
        var learned = LearnedValues.Count(model);
        Add("fp32", learned.ByKind.Where(k => k.Key is not ("initializers" or "constants")).Sum(k => k.Value));
        var all = values.Values.Sum();
        return all == 0 ? null
            : values.GetValueOrDefault("int8") * 2 > all ? "int8"
            : values.Count == 1 ? values.Keys.Single()
            : "mixed";
    }

    private static string? Name(TensorProto tensor) => tensor.DataType switch
    {
        1 => "fp32",
        11 => "fp64",
        10 => "fp16",
        16 => "bf16",
        2 or 3 when Count(tensor) >= FewestQuantised => "int8",
        _ => null,
    };

    private static long Count(TensorProto tensor) => tensor.Dims.Aggregate(1L, (product, d) => checked(product * Math.Max(0, d)));
}
