using Baton.Inference.Format;

namespace Baton.Inference;

/// <summary>
/// Counts the values a model learned. Integer initialisers and constants are shapes, axes and codes, not learned; neither are settings of an
/// operator such as the norm of a Normalizer.
/// </summary>
internal static class LearnedValues
{
    private const string MlDomain = "ai.onnx.ml";

    /// <summary>Float attributes of operators of <c>ai.onnx.ml</c> that were learned, and their kind. Those of tree nodes are counted apart.</summary>
    private static readonly Dictionary<string, (string Attribute, string Kind)[]> Attributes = new(StringComparer.Ordinal)
    {
        ["LinearClassifier"] = [("coefficients", "linear_coefficients"), ("intercepts", "linear_intercepts")],
        ["LinearRegressor"] = [("coefficients", "linear_coefficients"), ("intercepts", "linear_intercepts")],
        ["SVMClassifier"] = Svm("support_vectors", "coefficients", "rho", "prob_a", "prob_b"),
        ["SVMRegressor"] = Svm("support_vectors", "coefficients", "rho"),
        ["Scaler"] = [("offset", "scaler"), ("scale", "scaler")],
        ["Imputer"] = [("imputed_value_floats", "imputer")],
        ["TreeEnsembleClassifier"] = Leaves("class_weights"),
        ["TreeEnsembleRegressor"] = Leaves("target_weights"),
        ["TreeEnsemble"] = [("nodes_splits", "tree_thresholds"), ("leaf_weights", "tree_leaf_weights")],
    };

    /// <summary>The count over the model's graph, the graphs inside it, and its functions.</summary>
    public static ParameterCount Count(ModelProto model)
    {
        var kinds = new SortedDictionary<string, long>(StringComparer.Ordinal);
        void Add(string kind, long count)
        {
            if (count > 0)
                kinds[kind] = checked(kinds.GetValueOrDefault(kind) + count);
        }

        foreach (var graph in Graphs.Of(model.Graph))
        {
            Add("initializers", graph.Initializer.Sum(FloatsOf) + graph.SparseInitializer.Sum(s => FloatsOf(s.Values)));
            foreach (var node in graph.Node)
                OfNode(node, Add);
        }

        foreach (var function in model.Functions)
        {
            foreach (var node in function.Node.Concat(function.Node.SelectMany(Graphs.Inside).SelectMany(Graphs.NodesOf)))
                OfNode(node, Add);
        }

        return new ParameterCount(kinds.Values.Sum(), kinds);
    }

    private static void OfNode(NodeProto node, Action<string, long> add)
    {
        if (node is { Domain: "" or "ai.onnx", OpType: "Constant" })
        {
            add("constants", node.Attribute.Sum(a =>
                (a.Name == "value_float" ? 1 : 0) + a.Floats.Count + FloatsOf(a.T) + FloatsOf(a.SparseTensor?.Values)));
        }

        // In its plain mode, TF, the operator has weights and does not use them.
        if (node is { Domain: "" or "ai.onnx", OpType: "TfIdfVectorizer" } && node.Attribute.Any(a => a.Name == "mode" && a.S.Span.EndsWith("IDF"u8)))
            add("tfidf_weights", Values(node, "weights"));
        if (node.Domain != MlDomain || !Attributes.TryGetValue(node.OpType, out var learned))
            return;
        foreach (var (attribute, kind) in learned)
            add(kind, Values(node, attribute));
        if (node.OpType is "TreeEnsembleClassifier" or "TreeEnsembleRegressor")
            add("tree_thresholds", Thresholds(node));
    }

    /// <summary>Leaves have a value too in these operators' lists, but it means nothing: only those of branches count.</summary>
    private static long Thresholds(NodeProto node)
    {
        var modes = node.Attribute.FirstOrDefault(a => a.Name == "nodes_modes")?.Strings;
        var values = Values(node, "nodes_values");
        if (modes is null || modes.Count != values)
            throw new InvalidModelException($"its {node.OpType} '{node.Name}' has {modes?.Count ?? 0} node modes for {values} node values.");
        return modes.Count(m => !m.Span.SequenceEqual("LEAF"u8));
    }

    private static long Values(NodeProto node, string attribute) =>
        node.Attribute.Where(a => a.Name == attribute || a.Name == attribute + "_as_tensor").Sum(a => a.Floats.Count + FloatsOf(a.T));

    private static long FloatsOf(TensorProto? tensor) => tensor is null ? 0 : TensorSize.Floats(tensor);

    private static (string, string)[] Svm(string vectors, string coefficients, params string[] offsets) =>
        [(vectors, "svm_support_vectors"), (coefficients, "svm_coefficients"), .. offsets.Select(o => (o, "svm_offsets"))];

    private static (string, string)[] Leaves(string weights) => [(weights, "tree_leaf_weights"), ("base_values", "tree_base_values")];
}
