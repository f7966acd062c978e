using System.Data.Common;
using Baton.Database;
using Baton.Server.Deployments;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Http;
using Baton.Storage.Query;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Predictions;

/// <summary>Reads predictions joined with the last revision of their labels, by event time.</summary>
internal sealed class QueryPredictions(BatonDatabase database, PredictionsStore store, LoggedEndpoints endpoints, BlobQueries queries)
{
    /// <summary>The most rows of one answer.</summary>
    public const long MaxRows = 1_000_000;

    private const string Joined = "FROM logged p LEFT JOIN known l ON l.prediction_id = p.prediction_id ORDER BY p.event_time, p.prediction_id";

    private const string Rows =
        $"""
        SELECT p.prediction_id, p.endpoint, p.arm, p.version, p.manifest_digest, p.event_time, p.logged_at, p.inputs, p.outputs, p.score, p.latency_us, p.propensity,
            l.value AS label, l.revision AS label_revision, l.known_at AS label_known_at
        {Joined} LIMIT $limit
        """;

    private static readonly string Documents =
        $"""
        SELECT p.prediction_id, p.arm, p.version, p.manifest_digest AS package_digest, {At("p.event_time")} AS event_time, {At("p.logged_at")} AS logged_at,
            p.inputs::JSON AS inputs, p.outputs::JSON AS outputs, CASE WHEN isfinite(p.score) THEN p.score END AS score, p.latency_us, p.propensity,
            CASE WHEN json_valid(l.value) AND json_type(CASE WHEN json_valid(l.value) THEN l.value END) IN ('BIGINT', 'UBIGINT', 'DOUBLE')
                THEN l.value::JSON ELSE to_json(l.value) END AS label,
            l.revision AS label_revision, {At("l.known_at")} AS label_known_at
        {Joined} LIMIT $limit
        """;

    /// <summary>Columns for figures.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="endpoint">Endpoint; one that does not exist is refused.</param>
    /// <param name="from">First microsecond of event time; null for the earliest.</param>
    /// <param name="to">The microsecond after the last; null for the newest.</param>
    /// <param name="cancellation">Breaks off.</param>
    public async Task<LabelledPredictions> ColumnsAsync(Caller caller, string endpoint, long? from, long? to, CancellationToken cancellation)
    {
        var log = await SnapshotAsync(caller, endpoint, from ?? long.MinValue, to ?? long.MaxValue, cancellation);
        var query = log.Join($"SELECT p.event_time, p.score, p.version, l.value, l.known_at {Joined}", from ?? long.MinValue, to ?? long.MaxValue);
        var columns = await AnswerAsync(query, ReadColumns, cancellation);
        var newest = log.Labels.Select(f => f.ToTime).Concat(log.Unsealed.Select(l => l.KnownAt)).DefaultIfEmpty(long.MinValue).Max();
        return columns with { NewestLabelAt = newest == long.MinValue ? null : newest };
    }

    /// <summary>Rows as a file.</summary>
    public async Task<Stream> FileAsync(
        Caller caller, string endpoint, long from, long to, string? version, long limit, QueryFormat format, CancellationToken cancellation)
    {
        var log = await SnapshotAsync(caller, endpoint, from, to, cancellation);
        var query = log.Join(format is QueryFormat.Json ? Documents : Rows, from, to, version);
        query = query with { Parameters = new Dictionary<string, object>(query.Parameters) { ["limit"] = limit } };
        try
        {
            return await queries.WriteAsync(query, format, cancellation);
        }
        catch (QueryFailedException failed)
        {
            throw PredictionsErrors.TooBroad(failed.Message);
        }
    }

    private Task<LogSnapshot> SnapshotAsync(Caller caller, string endpoint, long from, long to, CancellationToken cancellation) => database.ReadAsync(async sql =>
    {
        await endpoints.CheckAsync(sql, caller.Project, endpoint);
        return new LogSnapshot(
            await store.FilesBetweenAsync(sql, LogKind.Predictions, caller.Project, endpoint, from, to),
            await store.FilesBetweenAsync(sql, LogKind.Labels, caller.Project, endpoint, long.MinValue, long.MaxValue),
            await store.UnsealedAsync(sql, caller.Project, endpoint));
    }, cancellation);

    private async Task<T> AnswerAsync<T>(BlobQuery query, Func<DbDataReader, T> read, CancellationToken cancellation)
    {
        try
        {
            return await queries.ReadAsync(query, read, cancellation);
        }
        catch (QueryFailedException failed)
        {
            throw PredictionsErrors.TooBroad(failed.Message);
        }
    }

    private static LabelledPredictions ReadColumns(DbDataReader rows)
    {
        var (times, scores, versions, labels, known) = (new List<long>(), new List<double>(), new List<string>(), new List<string?>(), new List<long?>());
        while (rows.Read())
        {
            times.Add(rows.GetInt64(0));
            scores.Add(rows.IsDBNull(1) ? double.NaN : rows.GetDouble(1));
            var version = rows.GetString(2);
            // Versions are few and rows are many: one text for each.
            versions.Add(versions.Count > 0 && versions[^1] == version ? versions[^1] : version);
            labels.Add(rows.IsDBNull(3) ? null : rows.GetString(3));
            known.Add(rows.IsDBNull(4) ? null : rows.GetInt64(4));
        }

        return new LabelledPredictions
        {
            EventTimes = [.. times],
            Scores = [.. scores],
            Versions = [.. versions],
            Labels = [.. labels],
            LabelsKnownAt = [.. known],
            NewestLabelAt = null,
        };
    }

    private static string At(string column) => $"strftime(make_timestamp({column}), '%Y-%m-%dT%H:%M:%S.%fZ')";

    public static void Map(IEndpointRouteBuilder routes) => routes.MapV1("GET", "endpoints/{endpoint}/predictions", Permission.ReadPredictions, async (
        string endpoint, string? from, string? to, string? version, string? limit, string? format, Caller caller, QueryPredictions query, CancellationToken cancellation) =>
    {
        var (first, after) = (LogNames.Time("from", from, long.MinValue), LogNames.Time("to", to, long.MaxValue));
        if (!long.TryParse(limit ?? "1000", out var most) || most is < 1 or > MaxRows)
            throw Refusal.Invalid($"Parameter 'limit' is '{limit}'; expected 1 to {MaxRows}.");
        var (written, contentType) = format switch
        {
            null or "json" => (QueryFormat.Json, "application/json"),
            "csv" => (QueryFormat.Csv, "text/csv; charset=utf-8"),
            "parquet" => (QueryFormat.Parquet, "application/vnd.apache.parquet"),
            _ => throw Refusal.Invalid($"Parameter 'format' is '{format}'; expected json, csv or parquet."),
        };
        return new PredictionsAnswer(
            await query.FileAsync(caller, EndpointName.Parse(endpoint).Value, first, after, version, most, written, cancellation), contentType, written is QueryFormat.Json);
    });

    /// <summary>Sends the file; a JSON array becomes the document's member.</summary>
    private sealed class PredictionsAnswer(Stream file, string contentType, bool wrapped) : IResult
    {
        public async Task ExecuteAsync(HttpContext context)
        {
            await using var content = file;
            context.Response.ContentType = contentType;
            if (!wrapped)
                context.Response.ContentLength = content.Length;
            if (wrapped)
                await context.Response.Body.WriteAsync("{\"predictions\":"u8.ToArray(), context.RequestAborted);
            await content.CopyToAsync(context.Response.Body, context.RequestAborted);
            if (wrapped)
                await context.Response.Body.WriteAsync("}"u8.ToArray(), context.RequestAborted);
        }
    }
}
