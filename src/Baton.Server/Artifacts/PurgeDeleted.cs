using Baton.Database;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Ledger;
using Baton.Server.Runs;

namespace Baton.Server.Artifacts;

/// <summary>Removes for good, of all projects, the runs, experiments and logged models that were deleted long ago, with their files.</summary>
internal sealed class PurgeDeleted(BatonDatabase database, Writes writes, PurgeStore store, ArtifactsStore artifacts, ArtifactPlaces places)
{
    /// <summary>What would go that was deleted before a moment.</summary>
    public Task<Plan> PlanAsync(long before, CancellationToken cancellation) => database.ReadAsync(
        async sql => new Plan(
            await store.RunsAsync(sql, before), await store.LoggedModelsAsync(sql, before), await store.ExperimentsAsync(sql, before)),
        cancellation);

    /// <summary>Removes a run, and some of its points at a time; false where it was restored meanwhile.</summary>
    public async Task<bool> RunAsync(Actor actor, Purgeable run, CancellationToken cancellation)
    {
        var caller = new Caller(actor, run.Project);
        if (!await writes.RunAsync(caller, change => store.MarkRunAsync(change, run), cancellation))
            return false;
        while (await writes.RunAsync(caller, change => store.DeletePointsAsync(change, run), cancellation))
        {
        }

        return await RemoveAsync(caller, run, store.DeleteRunAsync, cancellation);
    }

    public Task<bool> LoggedModelAsync(Actor actor, Purgeable model, CancellationToken cancellation) =>
        RemoveAsync(new Caller(actor, model.Project), model, store.DeleteLoggedModelAsync, cancellation);

    public Task<bool> ExperimentAsync(Actor actor, Purgeable experiment, CancellationToken cancellation) =>
        writes.RunAsync(new Caller(actor, experiment.Project), change => store.DeleteExperimentAsync(change, experiment), cancellation);

    /// <summary>The folder of Baton's own map that holds the files of something; null where it has none there.</summary>
    public ArtifactPath? FolderOf(Purgeable gone) => places.TryOf(gone.ArtifactUri) is { IsOuter: false, Path: { Value.Length: > 0 } path } ? path : null;

    private async Task<bool> RemoveAsync(Caller caller, Purgeable gone, Func<Change, Purgeable, Task<bool>> delete, CancellationToken cancellation)
    {
        var removed = await writes.RunAsync(caller, async change =>
        {
            if (!await delete(change, gone))
                return false;
            if (FolderOf(gone) is { } folder)
            {
                await artifacts.LockBranchAsync(change, folder);
                await artifacts.DeleteAsync(change, folder);
            }

            return true;
        }, cancellation);
        // Files that clients wrote themselves go last: a crash leaves files without a run, never a run without its files.
        if (removed && places.TryOf(gone.ArtifactUri) is { IsOuter: true } outer)
            places.Outer!.Remove(outer.Path.Value);
        return removed;
    }

    public sealed record Plan(IReadOnlyList<Purgeable> Runs, IReadOnlyList<Purgeable> LoggedModels, IReadOnlyList<Purgeable> Experiments);
}
