using System.Text.Json;
using Baton.Contracts;
using Baton.Database;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ids;
using Baton.Server.Platform.Ledger;
using Baton.Server.Platform.References;
using Baton.Server.Runs;
using Baton.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Artifacts;

/// <summary>
/// Frees what nothing needs any more: runs, experiments and logged models deleted long ago, then every blob that nothing names. A blob put lately
/// stays: its upload may be about to name it.
/// </summary>
internal sealed class CollectGarbage(
    BatonDatabase database, Writes writes, BlobStore blobs, PurgeDeleted purge, SweepUploads sweep, TimeProvider time)
{
    /// <summary>How long a blob that nothing names is left alone after it was put.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromHours(1);

    private const int BatchOfBlobs = 1000;
    private readonly SemaphoreSlim _alone = new(1);

    /// <param name="caller">Who asks.</param>
    /// <param name="olderThan">How long ago a thing must have been deleted to go.</param>
    /// <param name="dryRun">Whether only to tell what would go.</param>
    /// <param name="tell">Told of each thing that goes.</param>
    /// <param name="cancellation">Stops between two things.</param>
    public async Task<Report> HandleAsync(Caller caller, TimeSpan olderThan, bool dryRun, Func<Step, Task> tell, CancellationToken cancellation)
    {
        if (!await _alone.WaitAsync(0, cancellation))
            throw new Refusal(ProblemCode.Conflict, "Unused files are being collected already; wait for it to end.");
        try
        {
            var plan = await purge.PlanAsync((time.GetUtcNow() - olderThan).ToMicros(), cancellation);
            var report = new Report { DryRun = dryRun };
            report.Runs = await EachAsync("run", plan.Runs, purge.RunAsync);
            report.LoggedModels = await EachAsync("logged_model", plan.LoggedModels, purge.LoggedModelAsync);
            report.Experiments = await EachAsync("experiment", plan.Experiments, purge.ExperimentAsync);
            if (!dryRun)
                await sweep.HandleAsync(cancellation);
            var going = dryRun ? plan.Runs.Concat(plan.LoggedModels).Select(HolderOf).OfType<(string, string)>().ToHashSet() : [];
            await CollectBlobsAsync(report, going, tell, cancellation);
            if (!dryRun)
            {
                await writes.RunAsync(caller, change => change.RecordAsync(
                    "gc.ran",
                    "gc",
                    new { report.Runs, report.LoggedModels, report.Experiments, report.Blobs, report.Bytes, older_than_seconds = (long)olderThan.TotalSeconds }), cancellation);
            }

            return report;

            async Task<long> EachAsync(string kind, IReadOnlyList<Purgeable> things, Func<Actor, Purgeable, CancellationToken, Task<bool>> remove)
            {
                var count = 0L;
                foreach (var thing in things)
                {
                    if (!dryRun && !await remove(caller.Actor, thing, cancellation))
                        continue;
                    count++;
                    await tell(new Step(kind, $"{thing.Project}/{thing.Id}", null));
                }

                return count;
            }
        }
        finally
        {
            _alone.Release();
        }
    }

    private async Task CollectBlobsAsync(Report report, IReadOnlySet<(string Project, string Folder)> going, Func<Step, Task> tell, CancellationToken cancellation)
    {
        var since = time.GetUtcNow() - Grace;
        var unheld = new Dictionary<string, long>();
        await foreach (var batch in blobs.ListAsync().Where(blob => blobs.LastPut(blob.Digest) < since).Chunk(BatchOfBlobs).WithCancellation(cancellation))
        {
            var digests = batch.Select(blob => blob.Digest.ToString()).ToList();
            var held = (await database.ReadAsync(sql => NamedBlobs.HoldsAsync(sql, digests), cancellation))
                .Where(hold => !Goes(hold, going)).Select(hold => hold.Digest).ToHashSet();
            foreach (var blob in batch.Where(blob => !held.Contains(blob.Digest.ToString())))
                unheld[blob.Digest.ToString()] = blob.Size;
        }

        var unnamed = unheld.Keys.ToHashSet();
        await NamedBlobs.ExceptNamedAsync(database, unnamed, cancellation);
        foreach (var digest in unnamed.Order(StringComparer.Ordinal))
        {
            cancellation.ThrowIfCancellationRequested();
            if (!report.DryRun && !await blobs.DeleteUntouchedAsync(Digest.Parse(digest), since, cancellation))
                continue;
            report.Blobs++;
            report.Bytes += unheld[digest];
            await tell(new Step("blob", digest, unheld[digest]));
        }
    }

    private (string Project, string Folder)? HolderOf(Purgeable gone) => purge.FolderOf(gone) is { } folder ? (gone.Project, $"artifacts/{folder.Value}") : null;

    /// <summary>Whether a holder is a file of something that would go.</summary>
    private static bool Goes(BlobHold hold, IReadOnlySet<(string Project, string Folder)> going)
    {
        for (var slash = hold.Holder.Length; slash > 0; slash = hold.Holder.LastIndexOf('/', slash - 1))
        {
            if (going.Contains((hold.Project, hold.Holder[..slash])))
                return true;
        }

        return false;
    }

    public static void Map(IEndpointRouteBuilder routes) => routes.MapV1("POST", "gc", Permission.CollectGarbage, async (
        bool? dry_run, long? older_than_seconds, HttpResponse response, Caller caller, CollectGarbage collect, CancellationToken cancellation) =>
    {
        const long default7Days = 7 * 24 * 3600;
        var seconds = older_than_seconds ?? default7Days;
        if (seconds is < 0 or > 3_153_600_000)
            throw Refusal.Invalid($"older_than_seconds is {seconds}; expected 0 to 3153600000, a hundred years.");
        response.ContentType = "application/x-ndjson";
        var report = await collect.HandleAsync(caller, TimeSpan.FromSeconds(seconds), dry_run ?? false, WriteAsync, cancellation);
        await WriteAsync(report);

        async Task WriteAsync<T>(T line)
        {
            await JsonSerializer.SerializeAsync(response.Body, line, Documents.Compact, cancellation);
            await response.WriteAsync("\n", cancellation);
        }
    });

    /// <summary>One thing that went: <c>run</c>, <c>logged_model</c>, <c>experiment</c> or <c>blob</c>.</summary>
    public sealed record Step(string Kind, string Name, long? Bytes);

    /// <summary>What went, or would go.</summary>
    public sealed record Report
    {
        public bool DryRun { get; init; }

        public long Runs { get; set; }

        public long LoggedModels { get; set; }

        public long Experiments { get; set; }

        public long Blobs { get; set; }

        public long Bytes { get; set; }
    }
}
