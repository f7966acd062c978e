using Baton.Contracts;
using Baton.Database;
using Baton.Server.Deployments;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ids;
using Baton.Server.Platform.Ledger;
using Baton.Storage.Query;
using Baton.Storage.Tables;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Predictions;

/// <summary>Takes labels, all or none of a request: durable when it answers, whether or not the prediction has come. The same label again changes nothing.</summary>
internal sealed class RecordLabels(BatonDatabase database, Writes writes, PredictionsStore store, LoggedEndpoints endpoints, BlobQueries queries)
{
    private const int MaxBody = 32 * 1024 * 1024;
    private const int Attempts = 5;

    /// <summary>The number stored, and the number that stood there already.</summary>
    public async Task<(int Accepted, int Unchanged)> HandleAsync(Caller caller, string endpoint, LabelIntake intake, CancellationToken cancellation)
    {
        var labels = intake.Labels();
        for (var attempt = 1; ; attempt++)
        {
            var files = await FilesOfAsync(caller, endpoint, labels, cancellation);
            var missing = files.Count == 0 ? labels : await NotSealedAsync(files, labels, cancellation);
            if (missing.Count == 0)
                return (0, labels.Count + intake.Repeated);
            var accepted = await writes.RunAsync(caller, async change =>
            {
                await store.LockEndpointAsync(change, endpoint);
                // Sealed meanwhile: what was waiting a moment ago may be in a file now, and the look into the files is out of date.
                var now = await FilesOfAsync(change.Sql, caller.Project, endpoint, labels);
                if (!now.Select(f => f.Id).SequenceEqual(files.Select(f => f.Id)))
                    return (int?)null;
                var added = await store.AddLabelsAsync(change, endpoint, missing);
                if (added < missing.Count && await store.ConflictingAsync(change, endpoint, missing) is { Count: > 0 } conflicts)
                    throw Conflict(conflicts, missing);
                return added;
            }, cancellation);
            if (accepted is { } count)
                return (count, labels.Count - count + intake.Repeated);
            if (attempt == Attempts)
                throw new DatabaseUnavailableException("Labels were sealed again and again while these were being stored; nothing was stored.");
        }
    }

    private Task<IReadOnlyList<LogFile>> FilesOfAsync(Caller caller, string endpoint, IReadOnlyList<Label> labels, CancellationToken cancellation) =>
        database.ReadAsync(async sql =>
        {
            await endpoints.CheckAsync(sql, caller.Project, endpoint);
            return await FilesOfAsync(sql, caller.Project, endpoint, labels);
        }, cancellation);

    /// <summary>Sealed files that may hold one of the labels.</summary>
    private async Task<IReadOnlyList<LogFile>> FilesOfAsync(Session sql, string project, string endpoint, IReadOnlyList<Label> labels)
    {
        if (labels.Count == 0)
            return [];
        var (first, last) = Label.RangeOf(labels);
        return await store.FilesOfIdsAsync(sql, LogKind.Labels, project, endpoint, first, last);
    }

    /// <summary>The labels that are in none of the files.</summary>
    private async Task<IReadOnlyList<Label>> NotSealedAsync(IReadOnlyList<LogFile> files, IReadOnlyList<Label> labels, CancellationToken cancellation)
    {
        var query = new BlobQuery("SELECT s.prediction_id, s.revision, s.value FROM sealed s SEMI JOIN given g ON g.prediction_id = s.prediction_id AND g.revision = s.revision")
        {
            Views = new Dictionary<string, BlobRows> { ["sealed"] = new([.. files.Select(f => f.Blob)], LogSnapshot.LabelColumns) },
            Tables = new Dictionary<string, Table> { ["given"] = LogSnapshot.TableOf(labels) },
        };
        var there = await queries.ReadAsync(query, rows =>
        {
            var found = new Dictionary<(string, long), Label>();
            while (rows.Read())
            {
                var label = new Label { PredictionId = rows.GetString(0), Revision = rows.GetInt64(1), Value = rows.GetString(2) };
                found[(label.PredictionId, label.Revision)] = label;
            }

            return found;
        }, cancellation);
        var conflicts = labels.Where(l => there.TryGetValue((l.PredictionId, l.Revision), out var stands) && stands.Value != l.Value).ToList();
        return conflicts.Count > 0
            ? throw Conflict([.. conflicts.Take(10).Select(l => there[(l.PredictionId, l.Revision)])], labels)
            : [.. labels.Where(l => !there.ContainsKey((l.PredictionId, l.Revision)))];
    }

    private static Refusal Conflict(IReadOnlyList<Label> stand, IReadOnlyList<Label> given) => PredictionsErrors.OtherLabels(
        [.. stand.Select(s => (s, given.First(g => g.PredictionId == s.PredictionId && g.Revision == s.Revision).Value))]);

    public static void Map(IEndpointRouteBuilder routes) => routes.MapV1("POST", "endpoints/{endpoint}/labels", Permission.WriteLabels, async (
        string endpoint, HttpRequest request, Caller caller, RecordLabels record, TimeProvider time, CancellationToken cancellation) =>
    {
        var name = EndpointName.Parse(endpoint).Value;
        var intake = new LabelIntake(time.Micros());
        var text = await request.ReadTextAsync(MaxBody, cancellation);
        switch (request.ContentType?.Split(';')[0].Trim().ToLowerInvariant())
        {
            case null or "application/json":
                LabelJson.ReadDocument(text, intake);
                break;
            case "application/x-ndjson" or "application/jsonl":
                LabelJson.ReadLines(text, intake);
                break;
            case "text/csv":
                LabelCsv.Read(text, intake);
                break;
            case var other:
                throw Refusal.Invalid($"Labels cannot come as '{other}'; expected application/json, application/x-ndjson or text/csv.");
        }

        var (accepted, unchanged) = await record.HandleAsync(caller, name, intake, cancellation);
        return Results.Json(new Answer(accepted, unchanged), Documents.Compact);
    });

    private sealed record Answer(int Accepted, int Unchanged);
}
