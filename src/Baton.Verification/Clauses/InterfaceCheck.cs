using Baton.Contracts;
using Baton.Inference;
using Baton.Verification.Reference;

namespace Baton.Verification.Clauses;

/// <summary><c>interface</c>: the model takes and gives exactly the tensors that the claims name.</summary>
internal static class InterfaceCheck
{
    /// <summary>Compares the claims with the model file.</summary>
    /// <param name="claimed">What is said.</param>
    /// <param name="package">The package.</param>
    /// <param name="rows">Rows that must keep to the claimed ranges; null where there are none.</param>
    public static ClauseResult Judge(InterfaceClaim claimed, Package package, ReferenceRows? rows = null)
    {
        var found = package.Description;
        var differences = found is null
            ? []
            : Differences("input", claimed.Inputs, found.Inputs).Concat(Differences("output", claimed.Outputs, found.Outputs)).Concat(Roles(claimed, found))
                .Concat(rows is null ? [] : InputRanges.Broken(claimed, rows)).ToList();
        return new ClauseResult
        {
            Name = "interface",
            Verdict = found is not null && differences.Count == 0 ? Verdict.Pass : Verdict.Fail,
            Evidence = EvidenceLevel.Extracted,
            Demanded = "as claimed",
            Claimed = Phrase(claimed.Inputs.Count, claimed.Outputs.Count),
            Measured = found is null ? null : (Reading)Phrase(found.Inputs.Count, found.Outputs.Count),
            Reason = package.Fault
                ?? (differences.Count == 0
                    ? $"{Phrase(found!.Inputs.Count, found.Outputs.Count)}, with the names, types and shapes that the claims give."
                    : $"{Phrases.Sentence(differences)} Callers go by the claims: write them anew from this package, or hand over the package they were written of."),
            Facts = found is null
                ? []
                :
                [
                    .. differences.Select(d => new Fact("differs", d)),
                    .. found.Inputs.Select(i => new Fact("input", i.ToString())),
                    .. found.Outputs.Select(o => new Fact("output", o.ToString())),
                ],
        };
    }

    private static IEnumerable<string> Differences(string side, IReadOnlyList<TensorClaim> claimed, IReadOnlyList<TensorSpec> found)
    {
        foreach (var there in found)
        {
            var said = claimed.FirstOrDefault(c => c.Name == there.Name);
            if (said is null)
                yield return $"the model has {side} `{there.Name}` {Type(there.Datatype, there.Shape)}; the claims do not name it";
            else if (said.Datatype != there.Datatype || !said.Shape.SequenceEqual(there.Shape))
                yield return $"{side} `{there.Name}` is {Type(there.Datatype, there.Shape)} in the model and {Type(said.Datatype, said.Shape)} in the claims";
        }

        foreach (var said in claimed.Where(c => found.All(f => f.Name != c.Name)))
            yield return $"the claims name {side} `{said.Name}` {Type(said.Datatype, said.Shape)}; the model has none";
        if (claimed.Select(c => c.Name).SequenceEqual(found.Select(f => f.Name)) || claimed.Count != found.Count || claimed.Any(c => found.All(f => f.Name != c.Name)))
            yield break;
        var (ours, theirs) = (string.Join(", ", found.Select(f => f.Name)), string.Join(", ", claimed.Select(c => c.Name)));
        yield return $"the {side}s are in another order: {ours} in the model, {theirs} in the claims";
    }

    private static IEnumerable<string> Roles(InterfaceClaim claimed, ModelDescription found)
    {
        foreach (var (role, text) in new[] { ("prediction", claimed.Prediction), ("score", claimed.Score) })
        {
            if (text is not null && OutputColumn.Parse(text) is var output && found.Outputs.All(o => o.Name != output.Name))
                yield return $"the claims say that output `{output.Name}` is the {role}; the model has none of that name";
        }
    }

    private static string Phrase(int inputs, int outputs) => $"{Phrases.Count(inputs, "input")}, {Phrases.Count(outputs, "output")}";

    private static string Type(string datatype, IReadOnlyList<long> shape) => $"{datatype} [{string.Join(",", shape)}]";
}
