using Baton.Storage.Tables;

namespace Baton.Verification.Datasets;

/// <summary>Reads a dataset for those who see no tables of Baton's own, such as the command line.</summary>
public static class DatasetFile
{
    /// <summary>The columns of a Parquet file by name, each an array with one element a row (<c>string[]</c>, <c>float[]</c>, <c>long[]</c>, UTC <c>DateTime[]</c> …).</summary>
    /// <exception cref="InvalidTableException">The file is not Parquet, or of a type that is not read.</exception>
    public static async Task<IReadOnlyDictionary<string, Array>> ReadAsync(string path, CancellationToken cancellation = default) =>
        (await ParquetFile.ReadAsync(path, null, cancellation)).Columns.ToDictionary(c => c.Name, c => c.Values);
}
