using Baton.Storage.Tables;

namespace Baton.Storage.Query;

/// <summary>A question to Parquet blobs, in DuckDB's SQL. The text is of our own making; what came from outside goes in <see cref="Parameters"/>.</summary>
/// <param name="Sql">One SELECT over the views and tables below; parameters are written <c>$name</c>.</param>
public sealed record BlobQuery(string Sql)
{
    /// <summary>Views over Parquet blobs of equal columns, by name; a view over no blob is empty.</summary>
    public IReadOnlyDictionary<string, BlobRows> Views { get; init; } = new Dictionary<string, BlobRows>();

    /// <summary>Tables in memory, by name: columns of text, whole numbers or doubles.</summary>
    public IReadOnlyDictionary<string, Table> Tables { get; init; } = new Dictionary<string, Table>();

    /// <summary>Values: string, long or double.</summary>
    public IReadOnlyDictionary<string, object> Parameters { get; init; } = new Dictionary<string, object>();
}

/// <summary>Rows of Parquet blobs.</summary>
/// <param name="Files">The blobs.</param>
/// <param name="Columns">Columns that each of them has; others are not seen.</param>
public sealed record BlobRows(IReadOnlyList<Digest> Files, IReadOnlyList<QueryColumn> Columns)
{
    /// <summary>Whether a column <c>file_row_number</c> (from 0) is wanted too.</summary>
    public bool WithRowNumbers { get; init; }
}
