using Baton.Database;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Runs.LoggedModels;

/// <summary>Reads a logged model with everything logged to it.</summary>
internal sealed class ReadLoggedModel(BatonDatabase database, LoggedModelsStore store)
{
    /// <summary>A deleted one is found only where <paramref name="allowDeleted"/> says so.</summary>
    public Task<LoggedModel> GetAsync(Caller caller, string modelId, bool allowDeleted, CancellationToken cancellation) =>
        database.ReadAsync(async sql =>
        {
            var model = await store.FindAsync(sql, caller.Project, modelId);
            if (model is null || (model.LifecycleStage != "active" && !allowDeleted))
                throw LoggedModelErrors.NoModel(modelId);
            return (await store.LoadAsync(sql, caller.Project, [model]))[0];
        }, cancellation);

    public static void Map(IEndpointRouteBuilder routes) => routes.MapMlflow("GET", "logged-models/{modelId}", Permission.ReadRuns, async (
        string modelId, MlflowRequest request, Caller caller, ReadLoggedModel read, CancellationToken cancellation) =>
        MlflowAnswer.Of(new { Model = MlflowLoggedModel.Of(await read.GetAsync(caller, modelId, request.Flag("allow_deleted"), cancellation)) }));
}
