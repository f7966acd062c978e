using System.Data.Common;
using System.Text.Json;
using Baton.Contracts;
using Baton.Database;
using Baton.Server.Deployments;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ids;
using Baton.Storage.Query;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Predictions;

/// <summary>Finds one prediction by its id, with every revision of its label.</summary>
internal sealed class ReadPrediction(BatonDatabase database, PredictionsStore store, LoggedEndpoints endpoints, BlobQueries queries)
{
    /// <summary>Files looked into at a time, the newest days first: an id that tells no time may be anywhere.</summary>
    private const int FilesAtATime = 64;

    private const string OfId =
        """
        SELECT prediction_id, arm, version, manifest_digest, event_time, logged_at, inputs, outputs, score, latency_us, propensity
        FROM predictions WHERE prediction_id = $id ORDER BY logged_at, event_time LIMIT 1
        """;

    /// <summary>The prediction; a refusal where there is none.</summary>
    public async Task<PredictionView> HandleAsync(Caller caller, string endpoint, string id, CancellationToken cancellation)
    {
        var (files, labelFiles, unsealed) = await database.ReadAsync(async sql =>
        {
            await endpoints.CheckAsync(sql, caller.Project, endpoint);
            // The range of ids in each file leaves few that may hold one which tells its time.
            return (
                await store.FilesOfIdsAsync(sql, LogKind.Predictions, caller.Project, endpoint, id, id),
                await store.FilesOfIdsAsync(sql, LogKind.Labels, caller.Project, endpoint, id, id),
                await store.UnsealedAsync(sql, caller.Project, endpoint, id));
        }, cancellation);
        foreach (var some in files.Chunk(FilesAtATime))
        {
            var found = await queries.ReadAsync(Ask(OfId, "predictions", some, LogSnapshot.PredictionColumns, id), rows => rows.Read() ? View(endpoint, rows) : null, cancellation);
            if (found is not null)
                return found with { Labels = LabelView.Of([.. unsealed, .. await SealedAsync(labelFiles, id, cancellation)]) };
        }

        throw PredictionsErrors.NoPrediction(endpoint, id);
    }

    private async Task<IReadOnlyList<Label>> SealedAsync(IReadOnlyList<LogFile> files, string id, CancellationToken cancellation) => files.Count == 0 ? [] : await queries.ReadAsync(
        Ask("SELECT revision, value, known_at, received_at FROM labels WHERE prediction_id = $id", "labels", files, LogSnapshot.LabelColumns, id),
        rows =>
        {
            var labels = new List<Label>();
            while (rows.Read())
                labels.Add(new Label { PredictionId = id, Revision = rows.GetInt64(0), Value = rows.GetString(1), KnownAt = rows.GetInt64(2), ReceivedAt = rows.GetInt64(3) });
            return labels;
        }, cancellation);

    private static BlobQuery Ask(string sql, string view, IReadOnlyList<LogFile> files, IReadOnlyList<QueryColumn> columns, string id) => new(sql)
    {
        Views = new Dictionary<string, BlobRows> { [view] = new([.. files.Select(f => f.Blob)], columns) },
        Parameters = new Dictionary<string, object> { ["id"] = id },
    };

    private static PredictionView View(string endpoint, DbDataReader row) => new()
    {
        PredictionId = row.GetString(0),
        Endpoint = endpoint,
        Arm = row.GetString(1),
        Version = row.GetString(2),
        PackageDigest = row.GetString(3),
        EventTime = Instants.FromMicros(row.GetInt64(4)),
        LoggedAt = Instants.FromMicros(row.GetInt64(5)),
        Inputs = Documents.Read<Dictionary<string, JsonElement>>(row.GetString(6)),
        Outputs = Documents.Read<Dictionary<string, JsonElement>>(row.GetString(7)),
        Score = row.IsDBNull(8) || !double.IsFinite(row.GetDouble(8)) ? null : row.GetDouble(8),
        LatencyUs = row.GetInt64(9),
        Propensity = row.GetDouble(10),
    };

    public static void Map(IEndpointRouteBuilder routes) => routes.MapV1("GET", "endpoints/{endpoint}/predictions/{id}", Permission.ReadPredictions, async (
        string endpoint, string id, Caller caller, ReadPrediction read, CancellationToken cancellation) =>
        Results.Json(await read.HandleAsync(caller, EndpointName.Parse(endpoint).Value, id, cancellation), Documents.Compact));
}
