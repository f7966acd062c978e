using Baton.Server.Platform.Access;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ledger;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Runs;

/// <summary>Deletes an experiment with all its runs, and restores them: nothing is lost, all is only put aside.</summary>
internal sealed class DeleteExperiment(Writes writes, RunsStore store)
{
    public Task DeleteAsync(Caller caller, string id, CancellationToken cancellation) => MoveAsync(caller, id, "deleted", "experiment.deleted", cancellation);

    public Task RestoreAsync(Caller caller, string id, CancellationToken cancellation) => MoveAsync(caller, id, "active", "experiment.restored", cancellation);

    private Task MoveAsync(Caller caller, string id, string stage, string action, CancellationToken cancellation)
    {
        var number = ReadExperiments.ParseId(id);
        return writes.RunAsync(caller, async change =>
        {
            var experiment = await store.HoldExperimentAsync(change, number);
            if (experiment is null || experiment.LifecycleStage == stage)
                throw RunsErrors.NoExperiment(id);
            await store.SetExperimentStageAsync(change, number, stage);
            await change.RecordAsync(action, $"experiments/{number}", new { name = experiment.Name });
            return true;
        }, cancellation);
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMlflow("POST", "experiments/delete", Permission.WriteRuns, async (
            MlflowRequest request, Caller caller, DeleteExperiment delete, CancellationToken cancellation) =>
        {
            await delete.DeleteAsync(caller, request.Required("experiment_id"), cancellation);
            return MlflowAnswer.Empty;
        });
        routes.MapMlflow("POST", "experiments/restore", Permission.WriteRuns, async (
            MlflowRequest request, Caller caller, DeleteExperiment delete, CancellationToken cancellation) =>
        {
            await delete.RestoreAsync(caller, request.Required("experiment_id"), cancellation);
            return MlflowAnswer.Empty;
        });
    }
}
