using Baton.Contracts;
using Baton.Storage.Tables;

namespace Baton.Verification.Drafting;

/// <summary>Drafts the claim about the reference predictions: digest, rows, and which column is what.</summary>
internal static class ReferenceDraft
{
    // In the order they are tried.
    private static readonly string[] Ids = ["id", "row_id", "prediction_id", "uuid", "key"];
    private static readonly string[] Labels = ["label", "y_true", "target", "truth", "ground_truth", "y"];
    private static readonly string[] Predictions = ["prediction", "predicted", "y_pred", "pred"];
    private static readonly string[] Scores = ["score", "y_score", "probability", "proba", "y_prob"];

    /// <summary>The claim; null where the source has no reference predictions.</summary>
    public static async Task<ReferencePredictions?> WriteAsync(DraftSource source, CancellationToken cancellation)
    {
        if (source.ReferencePredictionsFile is not { } file)
            return null;
        try
        {
            var head = await ParquetFile.HeadAsync(file, cancellation).ConfigureAwait(false);
            var (digest, _) = await FileDigest.OfAsync(file, cancellation).ConfigureAwait(false);
            return new ReferencePredictions
            {
                Path = source.ReferencePath ?? Path.GetFileName(file),
                Sha256 = digest,
                Split = source.Split,
                Rows = head.Rows,
                Columns = source.Columns is { } told ? Checked(told, head, file) : Guessed(head, file),
            };
        }
        catch (InvalidTableException e)
        {
            throw new DraftException($"The reference predictions cannot be claimed: {e.Message}", e);
        }
    }

    private static ReferenceColumns Guessed(TableHead head, string file)
    {
        var columns = new ReferenceColumns
        {
            Id = Find(Ids, head) ?? throw Missing("the id of a row", Ids, head, file),
            Label = Find(Labels, head) ?? throw Missing("the ground truth", Labels, head, file),
            Prediction = Find(Predictions, head),
            Score = Find(Scores, head),
        };
        return columns is { Prediction: null, Score: null } ? throw Missing("a prediction or a score", [.. Predictions, .. Scores], head, file) : columns;
    }

    private static ReferenceColumns Checked(ReferenceColumns told, TableHead head, string file)
    {
        foreach (var name in new[] { told.Id, told.Label, told.Prediction, told.Score })
        {
            if (name is not null && !head.Columns.Contains(name))
                throw new DraftException($"The reference predictions '{file}' have no column '{name}'; the columns are {string.Join(", ", head.Columns)}.");
        }

        return told;
    }

    private static string? Find(string[] names, TableHead head) =>
        names.Select(n => head.Columns.FirstOrDefault(c => string.Equals(c, n, StringComparison.OrdinalIgnoreCase))).FirstOrDefault(c => c is not null);

    private static DraftException Missing(string what, string[] names, TableHead head, string file) => new(
        $"No column of the reference predictions '{file}' looks like {what} ({string.Join(", ", names)}); the columns are {string.Join(", ", head.Columns)}. "
        + "Name the column, or say which it is.");
}
