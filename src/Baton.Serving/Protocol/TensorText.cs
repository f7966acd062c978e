using Baton.Inference;

namespace Baton.Serving.Protocol;

/// <summary>Tensors in the sentences of errors.</summary>
internal static class TensorText
{
    /// <summary>Inputs with their datatypes and shapes.</summary>
    public static string Listed(IReadOnlyList<TensorSpec> specs) => (specs.Count == 1 ? "input " : "inputs ") + string.Join("; ", specs);
}
