using Baton.Server.Platform.Access;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ledger;
using Baton.Server.Runs.LoggedModels;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Runs;

/// <summary>Links a run to the logged models it made. Every link that is sent is kept, so a retry without an <c>Idempotency-Key</c> doubles it.</summary>
internal sealed class LogOutputs(Writes writes, RunsStore store, RunLinksStore links, LoggedModelsStore models)
{
    public Task HandleAsync(Caller caller, string runId, IReadOnlyList<ModelOutput> outputs, CancellationToken cancellation) =>
        writes.RunAsync(caller, async change =>
        {
            await store.ActiveRunAsync(change, runId);
            foreach (var output in outputs)
            {
                if (await models.FindAsync(change.Sql, change.Project, output.ModelId) is null)
                    throw LoggedModelErrors.NoModel(output.ModelId);
                await links.AddModelOutputAsync(change, runId, output);
            }

            return true;
        }, cancellation);

    public static void Map(IEndpointRouteBuilder routes) => routes.MapMlflowOnce("POST", "runs/outputs", Permission.WriteRuns, async (
        MlflowRequest request, Caller caller, LogOutputs log, CancellationToken cancellation) =>
    {
        if (!request.Has("models"))
            throw request.Missing("models");
        var runId = request.RequiredRunId();
        await log.HandleAsync(
            caller,
            runId,
            [.. request.Objects("models").Select(m => new ModelOutput { RunId = runId, ModelId = m.Required("model_id"), Step = m.Integer("step") ?? 0 })],
            cancellation);
        return MlflowAnswer.Empty;
    });
}
