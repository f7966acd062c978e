using Baton.Statistics;
using Baton.Verification.Reference;

namespace Baton.Verification.Clauses;

/// <summary>One version's part in a metric clause: its rows, the truth, and what it answers.</summary>
/// <param name="Ids">Row ids, each once.</param>
/// <param name="Labels">Ground truth, finite.</param>
/// <param name="Groups">Group of each row; null where the clause goes by row.</param>
/// <param name="Answers">What the model answered when it was run.</param>
internal sealed record MetricSide(string[] Ids, double[] Labels, string[]? Groups, Answers Answers)
{
    /// <summary>Why no metric can be computed, as a sentence; null where one can.</summary>
    public string? Unfit
    {
        get
        {
            if (Ids.Length == 0)
                return "The reference predictions have no row; hand over some.";
            foreach (var (what, values) in new[] { ("score", Answers.Scores), ("prediction", Answers.Predictions?.Numbers) })
            {
                var bad = values is null ? [] : Enumerable.Range(0, values.Length).Where(i => !double.IsFinite(values[i])).ToList();
                if (bad.Count > 0)
                    return $"The model gives no finite {what} for {Phrases.Count(bad.Count, "row")}: {Phrases.Some([.. bad.Select(i => Ids[i])])}.";
            }

            return Answers.Scores is null && Answers.Predictions?.Numbers is null
                ? "The claims name neither a score nor a numeric prediction among the model's outputs, and a metric needs one."
                : null;
        }
    }

    /// <summary>What a metric is computed from; only where it is not <see cref="Unfit"/>.</summary>
    public Observations Observations() => new(Labels, Answers.Scores, Answers.Predictions?.Numbers);

    /// <summary>What a bootstrap draws.</summary>
    public ResamplingUnits Units() => Groups is null ? ResamplingUnits.ByRow(Ids.Length) : ResamplingUnits.ByGroup(Groups);

    /// <summary>The rows at these places.</summary>
    public MetricSide At(IReadOnlyList<int> places) => new(
        Pick(Ids, places),
        Pick(Labels, places),
        Groups is null ? null : Pick(Groups, places),
        new Answers(
            Answers.Scores is null ? null : Pick(Answers.Scores, places),
            Answers.Predictions?.Numbers is { } numbers ? new PredictedValues(Pick(numbers, places)) : null));

    private static T[] Pick<T>(T[] values, IReadOnlyList<int> places) => [.. places.Select(p => values[p])];
}
