namespace Baton.Storage.Query;

/// <summary>How an answer is written into a file.</summary>
public enum QueryFormat
{
    /// <summary>Parquet, Zstd.</summary>
    Parquet,

    /// <summary>RFC 4180 with a header.</summary>
    Csv,

    /// <summary>One JSON array of objects; columns of type JSON are nested.</summary>
    Json,
}
