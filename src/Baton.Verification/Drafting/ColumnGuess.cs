using System.Globalization;
using System.Text.RegularExpressions;
using Baton.Contracts;
using Baton.Storage.Tables;

namespace Baton.Verification.Drafting;

/// <summary>Tells which column of the reference predictions is what: as it was named, else by the names that notebooks give them.</summary>
internal sealed partial class ColumnGuess(TableHead head, string file)
{
    // In the order they are tried.
    private static readonly string[] Ids = ["id", "row_id", "prediction_id", "uuid", "key"];
    private static readonly string[] Labels = ["label", "y_true", "target", "truth", "ground_truth", "actual", "y"];
    private static readonly string[] Predictions = ["prediction", "predictions", "predicted", "y_pred", "pred", "y_hat"];
    private static readonly string[] Scores = ["score", "y_score", "probability", "proba", "y_prob", "prob"];

    /// <summary>Whether some column looks like the id of a row.</summary>
    public bool HasId => Find(Ids) is not null;

    /// <summary>The columns.</summary>
    /// <exception cref="DraftException">One that was named is not there, or id, truth, or both prediction and score are not to be found.</exception>
    public ReferenceColumns Columns(ColumnChoice choice)
    {
        foreach (var (flag, name) in new[] { ("--id", choice.Id), ("--label", choice.Label), ("--prediction", choice.Prediction), ("--score", choice.Score) }
                     .Concat((choice.Scores ?? []).Select(s => ("--scores", (string?)s))))
        {
            if (name is not null && !head.Columns.Contains(name))
                throw new DraftException($"The reference predictions '{file}' have no column '{name}' ({flag}); the columns are {string.Join(", ", head.Columns)}.");
        }

        var byClass = choice.Scores is { } told ? (Columns: told, Classes: ClassesOf(told)) : choice.Score is null ? ByClass() : default;
        // Of two classes the second is the positive one, and its score says all.
        var positive = byClass.Columns is { Count: 2 } ? byClass.Columns[1] : null;
        var columns = new ReferenceColumns
        {
            Id = choice.Id ?? Find(Ids) ?? throw Missing("the id of a row", "--id", Ids),
            Label = choice.Label ?? Find(Labels) ?? throw Missing("the ground truth", "--label", Labels),
            Prediction = choice.Prediction ?? Find(Predictions),
            Score = choice.Score ?? (choice.Scores is null ? Find(Scores) : null) ?? positive,
            Scores = byClass.Columns is { Count: > 2 } ? byClass.Columns : null,
            Classes = byClass.Columns is { Count: > 2 } ? byClass.Classes : null,
        };
        return columns is { Prediction: null, Score: null, Scores: null }
            ? throw Missing("a prediction or a score", "--prediction, --score or --scores", [.. Predictions, .. Scores, "score_CLASS", "proba_CLASS"])
            : columns;
    }

    /// <summary>Columns <c>score_k</c>, <c>proba_k</c>, <c>prob_k</c>, <c>probability_k</c>: numbered classes in the order of their numbers, others in that of the file.</summary>
    private (IReadOnlyList<string>? Columns, IReadOnlyList<string>? Classes) ByClass()
    {
        var found = head.Columns.Select(c => OfClass().Match(c)).Where(m => m.Success).GroupBy(m => m.Groups[1].Value.ToLowerInvariant()).FirstOrDefault(g => g.Count() > 1)?.ToList();
        if (found is null)
            return (null, null);
        if (found.All(m => int.TryParse(m.Groups[2].Value, NumberStyles.None, CultureInfo.InvariantCulture, out _)))
            found = [.. found.OrderBy(m => int.Parse(m.Groups[2].Value, CultureInfo.InvariantCulture))];
        var columns = found.Select(m => m.Value).ToList();
        return (columns, ClassesOf(columns));
    }

    /// <summary>Classes by the ends of the columns' names; null where they are 0, 1, 2 …, or the names tell none.</summary>
    private static List<string>? ClassesOf(IReadOnlyList<string> columns)
    {
        var classes = columns.Select(c => OfClass().Match(c)).Select(m => m.Success ? m.Groups[2].Value : null).ToList();
        return classes.Contains(null) || classes.Select((c, i) => c == i.ToString(CultureInfo.InvariantCulture)).All(same => same) ? null : classes.OfType<string>().ToList();
    }

    private string? Find(string[] names) =>
        names.Select(n => head.Columns.FirstOrDefault(c => string.Equals(c, n, StringComparison.OrdinalIgnoreCase))).FirstOrDefault(c => c is not null);

    private DraftException Missing(string what, string flag, string[] names) => new(
        $"No column of the reference predictions '{file}' looks like {what} ({string.Join(", ", names)}); the columns are {string.Join(", ", head.Columns)}. "
        + $"Name the column so, or say which it is with {flag}.");

    [GeneratedRegex("^(score|proba|prob|probability)_(.+)$", RegexOptions.IgnoreCase)]
    private static partial Regex OfClass();
}
