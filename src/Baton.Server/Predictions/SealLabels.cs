using Baton.Database;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Ids;
using Baton.Server.Platform.Ledger;
using Baton.Server.Platform.References;
using Baton.Storage;
using Baton.Storage.Tables;

namespace Baton.Server.Predictions;

/// <summary>
/// Moves labels from rows into Parquet files, one for each day of becoming known. First the rows are marked as a batch, then the files are made durable,
/// then one write enters the files and removes the rows: wherever it stops, the next run goes on with the same batch, and every label is told once.
/// </summary>
internal sealed class SealLabels(BatonDatabase database, Writes writes, PredictionsStore store, BlobStore blobs, InspectFile inspect, IdSource ids, TimeProvider time)
{
    /// <summary>Seals the labels of every endpoint that has enough of them, or old ones.</summary>
    /// <param name="most">Labels that may wait.</param>
    /// <param name="age">Time that one may wait.</param>
    /// <param name="cancellation">Stops between two steps.</param>
    /// <returns>The number of labels sealed.</returns>
    public async Task<int> HandleAsync(int most, TimeSpan age, CancellationToken cancellation)
    {
        var before = (time.GetUtcNow() - age).ToMicros();
        var sealedLabels = 0;
        foreach (var endpoint in await database.ReadAsync(sql => store.WaitingAsync(sql, most, before), cancellation))
            sealedLabels += await SealAsync(new Caller(Actor.Baton, endpoint.Project), endpoint.Endpoint, cancellation);
        return sealedLabels;
    }

    private async Task<int> SealAsync(Caller caller, string endpoint, CancellationToken cancellation)
    {
        var fresh = ids.Next();
        var batch = await writes.RunAsync(caller, async change =>
        {
            await store.LockEndpointAsync(change, endpoint);
            return await store.BeginBatchAsync(change, endpoint, fresh);
        }, cancellation);
        if (batch is null)
            return 0;
        var labels = await database.ReadAsync(sql => store.BatchAsync(sql, caller.Project, endpoint, batch), cancellation);
        var files = new List<LogFile>();
        foreach (var day in labels.GroupBy(l => LogNames.DayOf(l.KnownAt)))
            files.Add(await WriteAsync(endpoint, $"{batch}-{day.Key}", day.Key, [.. day], cancellation));
        return await writes.RunAsync(caller, async change =>
        {
            await store.LockEndpointAsync(change, endpoint);
            // Nothing is left of the batch where another control plane sealed it meanwhile.
            var removed = await store.EndBatchAsync(change, endpoint, batch);
            if (removed == 0)
                return 0;
            foreach (var file in files)
            {
                await store.InsertFileAsync(change, LogKind.Labels, file);
                await change.HoldAsync(file.Holder, file.Digest);
            }

            return removed;
        }, cancellation);
    }

    private async Task<LogFile> WriteAsync(string endpoint, string id, string day, IReadOnlyList<Label> labels, CancellationToken cancellation)
    {
        using var bytes = new MemoryStream();
        await ParquetFile.WriteAsync(bytes, LogSnapshot.TableOf(labels), cancellation);
        bytes.Position = 0;
        var blob = await blobs.PutAsync(bytes, ct: cancellation);
        // Looked into as any file is: what cannot be read back never replaces its rows.
        return (await inspect.HandleAsync(LogKind.Labels, blob.Digest, endpoint, day, cancellation)) with { Id = id };
    }
}
