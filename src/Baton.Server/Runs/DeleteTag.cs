using Baton.Server.Platform.Access;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ledger;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Runs;

/// <summary>Removes a run's tag. Without <c>mlflow.runName</c> a run keeps its name.</summary>
internal sealed class DeleteTag(Writes writes, RunsStore store)
{
    public Task HandleAsync(Caller caller, string runId, string key, CancellationToken cancellation) => writes.RunAsync(caller, async change =>
    {
        var run = await store.ActiveRunAsync(change, runId);
        return await store.DeleteTagAsync(change, run.RunNo, key) ? true : throw RunsErrors.NoRunTag(runId, key);
    }, cancellation);

    public static void Map(IEndpointRouteBuilder routes) => routes.MapMlflow("POST", "runs/delete-tag", Permission.WriteRuns, async (
        MlflowRequest request, Caller caller, DeleteTag delete, CancellationToken cancellation) =>
    {
        await delete.HandleAsync(caller, request.Required("run_id"), request.Required("key"), cancellation);
        return MlflowAnswer.Empty;
    });
}
