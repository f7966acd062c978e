using Baton.Contracts;
using Baton.Statistics;
using Baton.Storage.Tables;
using Baton.Verification.Reference;

namespace Baton.Verification.Clauses;

/// <summary>One version's part in a metric clause: its rows, the truth, and what it answers.</summary>
/// <param name="Ids">Row ids, each once.</param>
/// <param name="Labels">Ground truth, finite.</param>
/// <param name="Groups">Group of each row; null where the clause goes by row.</param>
/// <param name="Answers">What the model answered when it was run.</param>
internal sealed record MetricSide(string[] Ids, double[] Labels, string[]? Groups, Answers Answers)
{
    /// <summary>Weight of each row; null where all weigh the same.</summary>
    public double[]? Weights { get; init; }

    /// <summary>Query of each row; null where rows are not ranked.</summary>
    public string[]? Queries { get; init; }

    /// <summary>What errors cost; null where the contract does not say.</summary>
    public ErrorCosts? Costs { get; init; }

    /// <summary>The rows in order of time; null where the contract names no time.</summary>
    public int[]? Order { get; init; }

    /// <summary>One version's part, from its rows and answers.</summary>
    /// <exception cref="ReferenceException">A row has no ground truth, no group or no weight.</exception>
    public static MetricSide Of(ReferenceRows rows, Answers answers, string? groupBy, Contract contract) => new(
        rows.Ids, rows.Labels(), groupBy is null ? null : rows.Groups(groupBy), Numbered(rows, answers))
    {
        Weights = rows.Weights(),
        Queries = rows.Queries(),
        Costs = contract.Costs,
        Order = contract.Data?.Time is { } time && rows.Table.Find(time) is { } column && column.Values is not string[]? Ordered(column) : null,
    };

    /// <summary>Answers whose predicted classes are numbers, as the labels of the rows are.</summary>
    public static Answers Numbered(ReferenceRows rows, Answers answers) =>
        answers with { Predictions = rows.Numbered(answers.Predictions) is { } numbers ? new PredictedValues(numbers) : answers.Predictions };

    /// <summary>Why no metric can be computed, as a sentence; null where one can.</summary>
    public string? Unfit
    {
        get
        {
            if (Ids.Length == 0)
                return "The reference predictions have no row; hand over some.";
            foreach (var (what, values) in Parts())
            {
                var bad = Enumerable.Range(0, Ids.Length).Where(i => !values(i)).ToList();
                if (bad.Count > 0)
                    return $"The model gives no finite {what} for {Phrases.Count(bad.Count, "row")}: {Phrases.Some([.. bad.Select(i => Ids[i])])}.";
            }

            return Parts().Any()
                ? null
                : "The claims name neither a score nor a numeric prediction among the model's outputs, and a metric needs one.";
        }
    }

    /// <summary>What a metric is computed from; only where it is not <see cref="Unfit"/>.</summary>
    public Observations Observations() => new(Labels, Answers.Scores, Answers.Predictions?.Numbers, Answers.ClassScores, Weights)
    {
        Queries = Queries,
        Costs = Costs is { } costs && (costs.FalsePositive ?? costs.FalseNegative ?? costs.TruePositive ?? costs.TrueNegative) is not null
            ? CostTable.Binary(costs.FalsePositive ?? 0, costs.FalseNegative ?? 0, costs.TruePositive ?? 0, costs.TrueNegative ?? 0)
            : null,
    };

    /// <summary>What a bootstrap draws: groups where the clause names them, whole queries where the metric ranks, else rows.</summary>
    public ResamplingUnits Units(Metric metric) => Groups is null ? ResamplingUnits.For(metric, Observations()) : ResamplingUnits.ByGroup(Groups);

    /// <summary>The rows at these places.</summary>
    public MetricSide At(IReadOnlyList<int> places) => this with
    {
        Ids = Pick(Ids, places),
        Labels = Pick(Labels, places),
        Groups = Groups is null ? null : Pick(Groups, places),
        Answers = Answers.At(places),
        Weights = Weights is null ? null : Pick(Weights, places),
        Queries = Queries is null ? null : Pick(Queries, places),
        Order = null,
    };

    private static int[] Ordered(Column column)
    {
        var places = Enumerable.Range(0, column.Rows).ToArray();
        Array.Sort((Array)column.Values.Clone(), places);
        return places;
    }

    private IEnumerable<(string What, Func<int, bool> IsFinite)> Parts()
    {
        if (Answers.Scores is { } scores)
            yield return ("score", i => double.IsFinite(scores[i]));
        if (Answers.ClassScores is { } classes)
            yield return ("score of a class", i => Array.TrueForAll(classes[i], double.IsFinite));
        if (Answers.Predictions?.Numbers is { } predictions)
            yield return ("prediction", i => double.IsFinite(predictions[i]));
    }

    private static T[] Pick<T>(T[] values, IReadOnlyList<int> places) => [.. places.Select(p => values[p])];
}
