using Baton.Server.Platform.Access;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ledger;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Runs;

/// <summary>Deletes a run and restores it: it is only put aside. Either, sent again, changes nothing.</summary>
internal sealed class DeleteRun(Writes writes, RunsStore store)
{
    public Task DeleteAsync(Caller caller, string runId, CancellationToken cancellation) => MoveAsync(caller, runId, "deleted", "run.deleted", cancellation);

    public Task RestoreAsync(Caller caller, string runId, CancellationToken cancellation) => MoveAsync(caller, runId, "active", "run.restored", cancellation);

    private Task MoveAsync(Caller caller, string runId, string stage, string action, CancellationToken cancellation) => writes.RunAsync(caller, async change =>
    {
        var run = await store.HoldRunAsync(change, runId) ?? throw RunsErrors.NoRun(runId);
        if (run.LifecycleStage == stage)
            return true;
        // What is being removed for good has lost points already; nothing brings it back.
        if (run.LifecycleStage == PurgeStore.Purging)
            throw RunsErrors.NoRun(runId);
        await store.SetRunStageAsync(change, run.RunNo, stage);
        await change.RecordAsync(action, $"runs/{runId}", new { name = run.Name });
        return true;
    }, cancellation);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMlflow("POST", "runs/delete", Permission.WriteRuns, async (MlflowRequest request, Caller caller, DeleteRun delete, CancellationToken cancellation) =>
        {
            await delete.DeleteAsync(caller, request.Required("run_id"), cancellation);
            return MlflowAnswer.Empty;
        });
        routes.MapMlflow("POST", "runs/restore", Permission.WriteRuns, async (MlflowRequest request, Caller caller, DeleteRun delete, CancellationToken cancellation) =>
        {
            await delete.RestoreAsync(caller, request.Required("run_id"), cancellation);
            return MlflowAnswer.Empty;
        });
    }
}
