namespace Baton.Inference;

/// <summary>What a model file tells of itself, without running it.</summary>
public sealed record ModelDescription
{
    /// <summary>Inputs in the file's order; initialisers are not inputs.</summary>
    public required IReadOnlyList<TensorSpec> Inputs { get; init; }

    /// <summary>Outputs in the file's order.</summary>
    public required IReadOnlyList<TensorSpec> Outputs { get; init; }

    /// <summary>ONNX IR version.</summary>
    public required long IrVersion { get; init; }

    /// <summary>Program that wrote the file, e.g. <c>skl2onnx</c>; may be empty.</summary>
    public required string ProducerName { get; init; }

    /// <summary>Its version; may be empty.</summary>
    public required string ProducerVersion { get; init; }

    /// <summary>Operator set versions by domain; the default domain is <c>ai.onnx</c>.</summary>
    public required IReadOnlyDictionary<string, long> Opsets { get; init; }

    /// <summary>Learned values.</summary>
    public required ParameterCount Parameters { get; init; }

    /// <summary>
    /// Precision that the learned values are stored in: <c>fp64</c>, <c>fp32</c>, <c>fp16</c>, <c>bf16</c>, <c>int8</c> where most of them are quantised, <c>mixed</c> for
    /// several; null where nothing was learned.
    /// </summary>
    public string? Precision { get; init; }

    /// <summary>Operators that it uses and does not define itself, as <c>domain OpType</c>, in ordinal order; the default domain is <c>ai.onnx</c>.</summary>
    public IReadOnlyList<string> Operators { get; init; } = [];

    /// <summary>Files that hold its weights, as the model names them: relative to its own folder.</summary>
    public IReadOnlyList<string> ExternalFiles { get; init; } = [];

    /// <summary>Metadata of the file, key to text.</summary>
    public required IReadOnlyDictionary<string, string> Metadata { get; init; }
}

/// <summary>
/// How many values a model learned: float initialisers and constants, linear coefficients and intercepts, tree thresholds and leaf weights …
/// </summary>
/// <param name="Total">All of them.</param>
/// <param name="ByKind">Split by kind, e.g. <c>tree_thresholds</c>, in ordinal order; kinds without a value are left out.</param>
public sealed record ParameterCount(long Total, IReadOnlyDictionary<string, long> ByKind);
