using Baton.Storage.Tables;

namespace Baton.Verification.Datasets;

/// <summary>
/// Reads predictions in the forms that notebooks write them: Parquet, CSV, JSON Lines, the JSON of MLflow's <c>log_table</c>, NPY. The form is told by the
/// file's ending; types are kept, and a fault names row (from 1) and column.
/// </summary>
internal static class PredictionsFile
{
    private const string Forms = ".parquet, .csv, .jsonl, .ndjson, .json (MLflow's log_table) and .npy";

    /// <summary>Whether a file is Parquet by its name, and needs no conversion.</summary>
    public static bool IsParquet(string path) => Ending(path) is ".parquet" or ".pq";

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="names">Names of the columns of a plain two-dimensional NPY, which has none itself; given its width.</param>
    /// <param name="cancellation">Stops the reading.</param>
    /// <exception cref="InvalidTableException">It is not what its ending says, or holds what no column can.</exception>
    public static async Task<Table> ReadAsync(string path, Func<int, IReadOnlyList<string>> names, CancellationToken cancellation)
    {
        if (IsParquet(path))
            return await ParquetFile.ReadAsync(path, columns: null, cancellation).ConfigureAwait(false);
        var bytes = await File.ReadAllBytesAsync(path, cancellation).ConfigureAwait(false);
        return Ending(path) switch
        {
            ".csv" => CsvTable.Read(bytes),
            ".jsonl" or ".ndjson" => JsonTable.ReadLines(bytes),
            ".json" => JsonTable.ReadLogTable(bytes),
            ".npy" => NpyTable.Read(bytes, names),
            ".arrow" or ".feather" or ".ipc" => throw new InvalidTableException(
                "Arrow files are not read; write Parquet instead: pyarrow.parquet.write_table(table, 'predictions.parquet'), or df.to_parquet('predictions.parquet')."),
            var other => throw new InvalidTableException($"The ending '{other}' tells no form of predictions; there are {Forms}."),
        };
    }

    /// <summary>Writes a table as Parquet, whole or not at all.</summary>
    public static async Task WriteParquetAsync(string path, Table table, CancellationToken cancellation)
    {
        var temporary = path + ".part";
        await using (var file = File.Create(temporary))
            await ParquetFile.WriteAsync(file, table, cancellation).ConfigureAwait(false);
        File.Move(temporary, path, overwrite: true);
    }

    private static string Ending(string path) => Path.GetExtension(path).ToLowerInvariant();
}
