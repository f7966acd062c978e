using Baton.Contracts;
using Baton.Inference;

namespace Baton.Verification.Clauses.Training;

/// <summary><c>data.unavailable</c> and <c>data.sensitive</c>: columns that the model must not take as inputs.</summary>
internal static class InputsCheck
{
    /// <summary>Compares the columns with the model's inputs.</summary>
    /// <param name="name">Name of the clause.</param>
    /// <param name="demanded">The demand in words.</param>
    /// <param name="columns">The columns.</param>
    /// <param name="why">What they are, e.g. <c>is not known yet when a prediction is made</c>.</param>
    /// <param name="package">The candidate's package.</param>
    public static ClauseResult Judge(string name, string demanded, IReadOnlyList<string> columns, string why, Package package)
    {
        ClauseResult Of(Verdict verdict, string reason) => Found.Unmeasured(name, demanded, EvidenceLevel.Extracted, verdict, reason);
        if (package.Description is not { } model)
            return Of(Verdict.Fail, package.Fault!);
        var taken = columns.Where(c => model.Inputs.Any(i => i.Name == c || c.StartsWith(i.Name + "[", StringComparison.Ordinal))).ToList();
        var unnamed = model.Inputs.Where(i => Width(i) > 1).Select(i => $"`{i}`").ToList();
        return taken.Count > 0
            ? Of(Verdict.Fail, $"The model takes {Phrases.Some(taken)}, which {why}. Train without {(taken.Count == 1 ? "it" : "them")}.")
            : unnamed.Count > 0
                ? Of(Verdict.Inconclusive, $"The model takes {Phrases.Some(unnamed)}, whose columns have no names: whether {Phrases.Some([.. columns])} is among them cannot be told. "
                    + "Export the model with an input for each column.")
                : Of(Verdict.Pass, $"The model's {Phrases.Count(model.Inputs.Count, "input")} {(model.Inputs.Count == 1 ? "is" : "are")} none of {Phrases.Some([.. columns], 10)}.");
    }

    private static long Width(TensorSpec input) => input.Shape.Skip(1).Aggregate(1L, (product, d) => product * Math.Max(1, d));
}
