using System.Globalization;
using Baton.Contracts;
using Baton.Inference;
using Baton.Storage.Tables;
using Baton.Verification.Datasets;

namespace Baton.Verification.Drafting;

/// <summary>Drafts the claim about the reference predictions: digest, rows, and which column is what. What is not Parquet is converted first.</summary>
internal static class ReferenceDraft
{
    /// <summary>The claim; null where the source has no reference predictions.</summary>
    /// <exception cref="DraftException">They cannot be read, or a column is missing.</exception>
    public static async Task<ReferencePredictions?> WriteAsync(DraftSource source, IReadOnlyList<TensorSpec> inputs, CancellationToken cancellation)
    {
        if (source.ReferencePredictionsFile is not { } file)
            return null;
        try
        {
            var parquet = PredictionsFile.IsParquet(file) ? file : await ConvertAsync(source, file, inputs, cancellation).ConfigureAwait(false);
            var head = await ParquetFile.HeadAsync(parquet, cancellation).ConfigureAwait(false);
            var columns = new ColumnGuess(head, file).Columns(source.Columns ?? new ColumnChoice());
            if (parquet != file)
                await CheckNumbersAsync(parquet, columns, cancellation).ConfigureAwait(false);
            var (digest, _) = await FileDigest.OfAsync(parquet, cancellation).ConfigureAwait(false);
            return new ReferencePredictions
            {
                Path = source.ReferencePath ?? Path.GetFileName(parquet),
                Sha256 = digest,
                Split = source.Split,
                Rows = head.Rows,
                Columns = InputGuess.Complete(columns, inputs, head),
            };
        }
        catch (InvalidTableException e)
        {
            throw new DraftException($"The reference predictions '{file}' cannot be claimed: {e.Message}", e);
        }
    }

    private static async Task<string> ConvertAsync(DraftSource source, string file, IReadOnlyList<TensorSpec> inputs, CancellationToken cancellation)
    {
        var target = source.ConvertedFile ?? throw new DraftException(
            $"The reference predictions '{file}' are not Parquet, and there is no place to convert them to; name DraftSource.ConvertedFile.");
        var table = await PredictionsFile.ReadAsync(file, width => NamesOf(inputs, width, file), cancellation).ConfigureAwait(false);
        if (source.Columns?.Id is null && !new ColumnGuess(new TableHead(table.Rows, [.. table.Columns.Select(c => c.Name)]), file).HasId)
            table = new Table([new Column("id", Enumerable.Range(0, table.Rows).Select(i => (long)i).ToArray()), .. table.Columns]);
        await PredictionsFile.WriteParquetAsync(target, table, cancellation).ConfigureAwait(false);
        return target;
    }

    /// <summary>Columns of a plain array: the model's inputs in their order, then label and score, or label, prediction and score.</summary>
    private static List<string> NamesOf(IReadOnlyList<TensorSpec> inputs, int width, string file)
    {
        var features = inputs.SelectMany(input => input.Shape.Skip(1).Aggregate(1L, (product, d) => product * Math.Max(1, d)) is > 1 and <= 100_000 and var wide
            ? Enumerable.Range(0, (int)wide).Select(i => string.Create(CultureInfo.InvariantCulture, $"{input.Name}[{i}]"))
            : [input.Name]).ToList();
        return (width - features.Count) switch
        {
            2 => [.. features, "label", "score"],
            3 => [.. features, "label", "prediction", "score"],
            _ => throw new DraftException($"'{file}' has {width} columns without names; expected the model's {features.Count} ({string.Join(", ", features.Take(12))}{(features.Count > 12 ? " …" : "")}), "
                + "then label and score, or label, prediction and score. A structured array names its columns itself: numpy.rec.fromarrays([...], names='id,label,score')."),
        };
    }

    // A text among numbers makes a column of texts; where numbers are needed, the row that has it is told.
    private static async Task CheckNumbersAsync(string parquet, ReferenceColumns columns, CancellationToken cancellation)
    {
        string[] needed = [.. new[] { columns.Score }.OfType<string>(), .. columns.Scores ?? []];
        if (needed.Length == 0)
            return;
        var table = await ParquetFile.ReadAsync(parquet, needed, cancellation).ConfigureAwait(false);
        foreach (var column in table.Columns)
        {
            if (column.Values is not string[] texts)
                continue;
            var row = Array.FindIndex(texts, t => t.Length > 0 && !double.TryParse(t, NumberStyles.Float, CultureInfo.InvariantCulture, out _));
            throw Cells.Fault(column.Name, Math.Max(row, 0), $"holds '{texts[Math.Max(row, 0)]}', and a score is a number");
        }
    }
}
