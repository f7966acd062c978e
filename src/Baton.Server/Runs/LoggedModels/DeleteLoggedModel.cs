using Baton.Server.Platform.Access;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ledger;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Runs.LoggedModels;

/// <summary>Marks a logged model deleted: it leaves searches, its rows and files stay. Again is no change.</summary>
internal sealed class DeleteLoggedModel(Writes writes, LoggedModelsStore store)
{
    public Task HandleAsync(Caller caller, string modelId, CancellationToken cancellation) => writes.RunAsync(caller, async change =>
    {
        var model = await store.FindAsync(change.Sql, change.Project, modelId) ?? throw LoggedModelErrors.NoModel(modelId);
        if (await store.DeleteAsync(change, modelId) == 1)
            await change.RecordAsync("logged_model.deleted", $"logged-models/{modelId}", new { name = model.Name });
        return true;
    }, cancellation);

    public static void Map(IEndpointRouteBuilder routes) => routes.MapMlflow("DELETE", "logged-models/{modelId}", Permission.WriteRuns, async (
        string modelId, Caller caller, DeleteLoggedModel delete, CancellationToken cancellation) =>
    {
        await delete.HandleAsync(caller, modelId, cancellation);
        return MlflowAnswer.Empty;
    });
}
