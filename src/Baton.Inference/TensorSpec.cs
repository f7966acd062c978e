namespace Baton.Inference;

/// <summary>One input or output of a model.</summary>
/// <param name="Name">Name in the model file.</param>
/// <param name="Datatype">Open Inference Protocol datatype: <c>FP32</c>, <c>INT64</c>, <c>BYTES</c> … (<see cref="Datatypes"/>).</param>
/// <param name="Shape">Dimensions; -1 where free. Empty for a scalar and where the file leaves the rank open.</param>
public sealed record TensorSpec(string Name, string Datatype, IReadOnlyList<long> Shape)
{
    /// <inheritdoc />
    public override string ToString() => $"{Name} {Datatype} [{string.Join(", ", Shape)}]";
}
