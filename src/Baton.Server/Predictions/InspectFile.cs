using System.Globalization;
using Baton.Storage;
using Baton.Storage.Query;
using Baton.Storage.Tables;

namespace Baton.Server.Predictions;

/// <summary>Looks into a Parquet blob of the log: whether it is what it should be, and what it holds.</summary>
internal sealed class InspectFile(BlobStore blobs, BlobQueries queries)
{
    /// <summary>What a sound file holds; where it is not sound, <see cref="InvalidTableException"/> says what is wrong, as a sentence.</summary>
    /// <param name="kind">What it should hold.</param>
    /// <param name="digest">The blob.</param>
    /// <param name="endpoint">The endpoint that every row must be of.</param>
    /// <param name="day">The day that every row must be of, <c>yyyy-MM-dd</c>.</param>
    /// <param name="cancellation">Breaks off.</param>
    public async Task<LogFile> HandleAsync(LogKind kind, Digest digest, string endpoint, string day, CancellationToken cancellation)
    {
        await CheckHeadAsync(kind, digest, cancellation);
        var from = LogNames.Day(day).From;
        try
        {
            var query = new BlobQuery(kind is LogKind.Labels ? Labels : Predictions)
            {
                Views = new Dictionary<string, BlobRows> { ["file"] = new([digest], ColumnsOf(kind)) { WithRowNumbers = true } },
                Parameters = kind is LogKind.Labels
                    ? new() { ["from"] = from, ["to"] = from + MicrosOfDay }
                    : new Dictionary<string, object> { ["endpoint"] = endpoint, ["from"] = from, ["to"] = from + MicrosOfDay },
            };
            return await queries.ReadAsync(query, rows =>
            {
                rows.Read();
                if (rows.GetInt64(0) == 0)
                    throw new InvalidTableException("it holds no rows.");
                for (var fault = 5; fault < rows.FieldCount; fault++)
                {
                    if (!rows.IsDBNull(fault))
                        throw new InvalidTableException(string.Create(
                            CultureInfo.InvariantCulture, $"row {rows.GetInt64(fault) + 1}: {rows.GetName(fault).Replace("{endpoint}", endpoint).Replace("{day}", day)}."));
                }

                return new LogFile
                {
                    Endpoint = endpoint,
                    Day = day,
                    Digest = digest.ToString(),
                    RowCount = rows.GetInt64(0),
                    FromTime = rows.GetInt64(1),
                    ToTime = rows.GetInt64(2),
                    FirstId = rows.GetString(3),
                    LastId = rows.GetString(4),
                };
            }, cancellation);
        }
        catch (QueryFailedException failed)
        {
            throw new InvalidTableException($"it cannot be read: {failed.Message}", failed);
        }
    }

    private const long MicrosOfDay = 86_400_000_000;

    private const string Predictions =
        """
        SELECT count(*), min(event_time), max(event_time), min(prediction_id), max(prediction_id),
            min(file_row_number) FILTER (prediction_id IS NULL OR prediction_id = '') AS "column prediction_id is empty",
            min(file_row_number) FILTER (endpoint IS DISTINCT FROM $endpoint) AS "column endpoint is not '{endpoint}'",
            min(file_row_number) FILTER (event_time IS NULL OR event_time < $from OR event_time >= $to) AS "column event_time does not lie in {day} UTC (microseconds since 1970)",
            min(file_row_number) FILTER (arm IS NULL OR version IS NULL OR manifest_digest IS NULL) AS "one of the columns arm, version, manifest_digest has no value",
            min(file_row_number) FILTER (logged_at IS NULL OR latency_us IS NULL OR propensity IS NULL) AS "one of the columns logged_at, latency_us, propensity has no value",
            min(file_row_number) FILTER (NOT coalesce(CASE WHEN json_valid(inputs) THEN json_type(inputs) = 'OBJECT' END, false)) AS "column inputs is no JSON object",
            min(file_row_number) FILTER (NOT coalesce(CASE WHEN json_valid(outputs) THEN json_type(outputs) = 'OBJECT' END, false)) AS "column outputs is no JSON object"
        FROM file
        """;

    private const string Labels =
        """
        SELECT count(*), min(known_at), max(known_at), min(prediction_id), max(prediction_id),
            min(file_row_number) FILTER (known_at IS NULL OR known_at < $from OR known_at >= $to) AS "column known_at does not lie in {day} UTC (microseconds since 1970)",
            min(file_row_number) FILTER (prediction_id IS NULL OR revision IS NULL OR value IS NULL OR received_at IS NULL) AS "a column has no value"
        FROM file
        """;

    private static IReadOnlyList<QueryColumn> ColumnsOf(LogKind kind) => kind is LogKind.Labels ? LogSnapshot.LabelColumns : LogSnapshot.PredictionColumns;

    /// <summary>Columns and types, by the reader that is proof against damage; DuckDB sees only what it let pass.</summary>
    private async Task CheckHeadAsync(LogKind kind, Digest digest, CancellationToken cancellation)
    {
        var path = await blobs.LocalPathAsync(digest, cancellation) ?? throw new BlobCorruptException(digest, null, "it is missing");
        IReadOnlyList<QueryColumn> expected = ColumnsOf(kind), found;
        try
        {
            found = [.. (await ParquetFile.HeadAsync(path, cancellation)).Types.Select(c => new QueryColumn(c.Name, c.Type))];
        }
        catch (InvalidTableException bad)
        {
            // The reader names its file, which is the server's own and of no use to the caller.
            throw new InvalidTableException(bad.Message.Replace($"'{path}': ", ""), bad);
        }

        var wanted = string.Join(", ", expected);
        foreach (var column in expected)
        {
            var there = found.FirstOrDefault(f => f.Name == column.Name)
                ?? throw new InvalidTableException($"it has no column {column.Name}; expected are {wanted}.");
            if (there.Type != column.Type)
                throw new InvalidTableException($"column {column.Name} is {there.Type}; expected is {column.Type}.");
        }
    }
}
