namespace Baton.Inference;

/// <summary>Whether tensors fit a model's inputs, before the runtime sees them.</summary>
internal static class InputCheck
{
    /// <exception cref="ModelInputException">They do not.</exception>
    public static void Fits(IReadOnlyList<TensorSpec> expected, IReadOnlyList<Tensor> given)
    {
        foreach (var tensor in given)
        {
            var spec = expected.FirstOrDefault(e => e.Name == tensor.Name)
                ?? throw new ModelInputException($"The model has no input '{tensor.Name}'; it expects {Listed(expected)}.");
            if (spec.Datatype != tensor.Datatype)
                throw Misfit(spec, tensor, "datatype");
            // A spec without dimensions may be of any rank: the file leaves it open.
            if (spec.Shape.Count > 0 && !(spec.Shape.Count == tensor.Shape.Count && spec.Shape.Zip(tensor.Shape).All(d => d.First < 0 || d.First == d.Second)))
                throw Misfit(spec, tensor, "shape");
        }

        if (given.GroupBy(t => t.Name).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new ModelInputException($"Input '{twice.Key}' was given {twice.Count()} times; give every input once.");
        var missing = expected.Where(e => given.All(t => t.Name != e.Name)).ToList();
        if (missing.Count > 0)
            throw new ModelInputException($"Missing {Listed(missing)}; given: {(given.Count == 0 ? "nothing" : string.Join("; ", given))}.");
    }

    private static ModelInputException Misfit(TensorSpec spec, Tensor tensor, string what) => new(
        $"Input '{spec.Name}' has another {what}: expected {spec.Datatype} [{string.Join(", ", spec.Shape)}] (-1 is free), "
        + $"given {tensor.Datatype} [{string.Join(", ", tensor.Shape)}].");

    private static string Listed(IReadOnlyList<TensorSpec> specs) =>
        (specs.Count == 1 ? "input " : "inputs ") + string.Join("; ", specs);
}
