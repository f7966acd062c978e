using Baton.Database;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Ids;
using Baton.Server.Platform.Ledger;
using Baton.Server.Platform.References;
using Baton.Storage.Query;

namespace Baton.Server.Predictions;

/// <summary>
/// Merges the small files of one endpoint and day into one, sorted by time, each row once. The merged file is durable before one write puts it in
/// the place of the others.
/// </summary>
internal sealed class MergeFiles(BatonDatabase database, Writes writes, PredictionsStore store, BlobQueries queries, InspectFile inspect, IdSource ids)
{
    /// <summary>A file of so many rows is left as it is: what is merged once more each time would be written again and again.</summary>
    public const long LargeRows = 1_000_000;

    private const string Predictions =
        "SELECT * FROM files QUALIFY row_number() OVER (PARTITION BY prediction_id ORDER BY logged_at, event_time) = 1 ORDER BY event_time, prediction_id";

    private const string Labels =
        "SELECT * FROM files QUALIFY row_number() OVER (PARTITION BY prediction_id, revision ORDER BY received_at) = 1 ORDER BY prediction_id, revision";

    /// <summary>Merges what lies in more than <paramref name="most"/> files a day.</summary>
    /// <returns>The number of files that others took the place of.</returns>
    public async Task<int> HandleAsync(int most, CancellationToken cancellation)
    {
        var merged = 0;
        foreach (var kind in (LogKind[])[LogKind.Predictions, LogKind.Labels])
        {
            foreach (var files in await database.ReadAsync(sql => store.ScatteredAsync(sql, kind, most, LargeRows), cancellation))
                merged += await MergeAsync(kind, files, cancellation);
        }

        return merged;
    }

    private async Task<int> MergeAsync(LogKind kind, IReadOnlyList<LogFile> files, CancellationToken cancellation)
    {
        var (project, endpoint, day) = (files[0].Project, files[0].Endpoint, files[0].Day);
        var blob = await queries.SealAsync(
            new BlobQuery(kind is LogKind.Labels ? Labels : Predictions)
            {
                Views = new Dictionary<string, BlobRows>
                {
                    ["files"] = new([.. files.Select(f => f.Blob)], kind is LogKind.Labels ? LogSnapshot.LabelColumns : LogSnapshot.PredictionColumns),
                },
            },
            cancellation);
        var file = (await inspect.HandleAsync(kind, blob.Digest, endpoint, day, cancellation)) with { Id = $"merged-{ids.Next()}" };
        return await writes.RunAsync(new Caller(Actor.Baton, project), async change =>
        {
            await store.LockEndpointAsync(change, endpoint);
            foreach (var old in files)
            {
                // Another control plane was faster, so its merged file holds these rows: this one must not come on top.
                if (!await store.MergeFileAsync(change, kind, old, file.Id))
                    throw new MergedMeanwhileException();
                await change.ReleaseAsync(old.Holder);
            }

            await store.InsertFileAsync(change, kind, file);
            await change.HoldAsync(file.Holder, file.Digest);
            return files.Count;
        }, cancellation);
    }

    /// <summary>Another control plane merged the same files; thrown, so that nothing of this write stays.</summary>
    public sealed class MergedMeanwhileException() : Exception("The files were merged meanwhile by another control plane.");
}
