using System.Buffers;
using Baton.Database;

namespace Baton.Server.Platform.References;

/// <summary>
/// Which blobs anything speaks of, in any project: holders, rows of files, and every document that may name a digest. The one place that knows the
/// tables of all legs, so that what collects unused blobs need not.
/// </summary>
internal static class NamedBlobs
{
    private const int PageSize = 500;
    private const int HexDigits = 64;
    private static readonly SearchValues<char> Hex = SearchValues.Create("0123456789abcdef");

    /// <summary>Documents that stay: tables, their keys, and the texts in them that may name digests.</summary>
    private static readonly (string Table, string[] Keys, string Texts)[] Documents =
    [
        ("manifests", ["project", "digest"], "document"),
        ("contracts", ["project", "model", "digest"], "document"),
        ("claims", ["project", "model", "version", "digest"], "document"),
        ("evidence", ["project", "digest"], "document"),
        ("ledger", ["seq"], "detail || ' ' || COALESCE(evidence, '')"),
        ("replays", ["project", "id"], "inputs || ' ' || COALESCE(result, '')"),
        ("jobs", ["project", "id"], "payload"),
    ];

    /// <summary>Every row that holds one of some blobs; a blob may be held by many.</summary>
    public static Task<IReadOnlyList<BlobHold>> HoldsAsync(Session sql, IReadOnlyList<string> digests) => sql.QueryAsync<BlobHold>(
        $"""
        SELECT digest, project, holder FROM blob_references WHERE {sql.Dialect.In("digest", "@digests")}
        UNION ALL SELECT digest, project, 'artifacts/' || path FROM artifact_files WHERE {sql.Dialect.In("digest", "@digests")}
        UNION ALL SELECT digest, project, 'predictions/' || id FROM prediction_files WHERE {sql.Dialect.In("digest", "@digests")} AND merged_into IS NULL
        UNION ALL SELECT digest, project, 'labels/' || id FROM label_files WHERE {sql.Dialect.In("digest", "@digests")} AND merged_into IS NULL
        UNION ALL SELECT digest, project, 'uploads/' || id FROM uploads WHERE {sql.Dialect.In("digest", "@digests")} AND NOT finished
        """,
        new { digests });

    /// <summary>Takes out of a set of digests those that a document names.</summary>
    public static async Task ExceptNamedAsync(BatonDatabase database, HashSet<string> digests, CancellationToken cancellation)
    {
        foreach (var (table, keys, texts) in Documents)
        {
            // Pages follow the key, so that none is read twice or left out, and the last costs what the first does.
            var after = keys.Select(key => IsNumber(key) ? -1L : (object)"").ToArray();
            var (columns, values) = (string.Join(", ", keys), string.Join(", ", keys.Select((_, at) => $"${at + 1}")));
            var page = $"SELECT {columns}, {texts} FROM {table} WHERE ({columns}) > ({values}) ORDER BY {columns} LIMIT {PageSize}";
            for (var read = PageSize; read == PageSize && digests.Count > 0;)
            {
                (read, after) = await database.ReadAsync(async sql =>
                {
                    var (count, last) = (0, after);
                    await sql.ReadPreparedAsync(page, row =>
                    {
                        count++;
                        last = [.. keys.Select((key, at) => IsNumber(key) ? row.Integer(at) : (object)row.Text(at))];
                        Except(digests, row.Text(keys.Length));
                    }, after);
                    return (count, last);
                }, cancellation);
            }
        }
    }

    private static bool IsNumber(string key) => key is "seq" or "version";

    private static void Except(HashSet<string> digests, ReadOnlySpan<char> text)
    {
        while (text.IndexOfAny(Hex) is >= 0 and var start)
        {
            text = text[start..];
            var length = text.IndexOfAnyExcept(Hex) is >= 0 and var end ? end : text.Length;
            if (length == HexDigits)
                digests.Remove("sha256:" + text[..HexDigits].ToString());
            text = text[length..];
        }
    }
}

/// <summary>A row that holds a blob.</summary>
internal sealed record BlobHold
{
    public string Digest { get; init; } = "";

    public string Project { get; init; } = "";

    public string Holder { get; init; } = "";
}
