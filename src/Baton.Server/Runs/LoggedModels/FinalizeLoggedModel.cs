using Baton.Server.Platform.Access;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ledger;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Runs.LoggedModels;

/// <summary>Says whether a model's files arrived.</summary>
internal sealed class FinalizeLoggedModel(Writes writes, LoggedModelsStore store)
{
    public Task<LoggedModel> HandleAsync(Caller caller, string modelId, LoggedModelStatus status, CancellationToken cancellation) =>
        writes.RunAsync(caller, async change =>
        {
            var model = await store.FindAsync(change.Sql, change.Project, modelId) ?? throw LoggedModelErrors.NoModel(modelId);
            await store.SetStatusAsync(change, modelId, status);
            return (await store.LoadAsync(change.Sql, change.Project, [model with { Status = status, UpdatedAt = change.Now }]))[0];
        }, cancellation);

    public static void Map(IEndpointRouteBuilder routes) => routes.MapMlflow("PATCH", "logged-models/{modelId}", Permission.WriteRuns, async (
        string modelId, MlflowRequest request, Caller caller, FinalizeLoggedModel finalize, CancellationToken cancellation) =>
    {
        CheckBody(request, modelId);
        var status = LoggedModelStatuses.Parse(request.RequiredNameOrNumber("status"));
        return MlflowAnswer.Of(new { Model = MlflowLoggedModel.Of(await finalize.HandleAsync(caller, modelId, status, cancellation)) });
    });

    /// <summary>MLflow wants the id in the body too.</summary>
    public static void CheckBody(MlflowRequest request, string modelId)
    {
        if (request.Required("model_id") is var named && named != modelId)
            throw Refusal.Invalid($"Invalid value \"{named}\" for parameter 'model_id' supplied: the path names '{modelId}'.");
    }
}
