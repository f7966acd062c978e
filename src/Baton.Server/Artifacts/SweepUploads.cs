using Baton.Database;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Ids;
using Baton.Server.Platform.Ledger;
using Baton.Storage;

namespace Baton.Server.Artifacts;

/// <summary>Gives up uploads that nothing came for since a day, with their bytes.</summary>
internal sealed class SweepUploads(BatonDatabase database, Writes writes, ArtifactsStore store, PartialFiles files, TimeProvider time)
{
    private static readonly TimeSpan AbandonedAfter = TimeSpan.FromDays(1);

    public async Task HandleAsync(CancellationToken cancellation)
    {
        // What is on the disk is listed first: an upload begun meanwhile has its row before its bytes.
        var onDisk = files.List();
        var before = (time.GetUtcNow() - AbandonedAfter).ToMicros();
        await writes.RunAsync(new Caller(Actor.Baton, Caller.DefaultProject), change => store.DeleteUploadsBeforeAsync(change, before), cancellation);
        var known = (await database.ReadAsync(store.ListUploadsAsync, cancellation)).ToHashSet();
        foreach (var id in onDisk.Where(id => !known.Contains(id)))
            files.Remove(id);
    }
}
