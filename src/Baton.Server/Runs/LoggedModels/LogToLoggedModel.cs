using Baton.Server.Platform.Access;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ledger;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Runs.LoggedModels;

/// <summary>Logs params and tags to a model, deleted or not: all of a request or nothing.</summary>
internal sealed class LogToLoggedModel(Writes writes, LoggedModelsStore store)
{
    /// <summary>Adds params, each once.</summary>
    public Task AddParamsAsync(Caller caller, string modelId, IReadOnlyDictionary<string, string> parameters, CancellationToken cancellation) =>
        ChangeAsync(caller, modelId, async change =>
        {
            foreach (var (key, value) in parameters)
            {
                if (!await store.AddParamAsync(change, modelId, key, value))
                    throw LoggedModelErrors.ParamStands(modelId, key);
            }
        }, cancellation);

    public Task SetTagsAsync(Caller caller, string modelId, IReadOnlyDictionary<string, string> tags, CancellationToken cancellation) =>
        ChangeAsync(caller, modelId, async change =>
        {
            foreach (var (key, value) in tags)
                await store.SetTagAsync(change, modelId, key, value);
        }, cancellation);

    public Task DeleteTagAsync(Caller caller, string modelId, string key, CancellationToken cancellation) =>
        ChangeAsync(caller, modelId, async change =>
        {
            if (!await store.DeleteTagAsync(change, modelId, key))
                throw LoggedModelErrors.NoTag(modelId, key);
        }, cancellation);

    private Task ChangeAsync(Caller caller, string modelId, Func<Change, Task> write, CancellationToken cancellation) => writes.RunAsync(caller, async change =>
    {
        if (await store.FindAsync(change.Sql, change.Project, modelId) is null)
            throw LoggedModelErrors.NoModel(modelId);
        await write(change);
        return true;
    }, cancellation);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMlflow("POST", "logged-models/{modelId}/params", Permission.WriteRuns, async (
            string modelId, MlflowRequest request, Caller caller, LogToLoggedModel log, CancellationToken cancellation) =>
        {
            FinalizeLoggedModel.CheckBody(request, modelId);
            await log.AddParamsAsync(caller, modelId, LoggedModelPairs.ParamsOf(request), cancellation);
            return MlflowAnswer.Empty;
        });
        routes.MapMlflow("PATCH", "logged-models/{modelId}/tags", Permission.WriteRuns, async (
            string modelId, MlflowRequest request, Caller caller, LogToLoggedModel log, CancellationToken cancellation) =>
        {
            await log.SetTagsAsync(caller, modelId, LoggedModelPairs.TagsOf(request), cancellation);
            return MlflowAnswer.Empty;
        });
        routes.MapMlflow("DELETE", "logged-models/{modelId}/tags/{**key}", Permission.WriteRuns, async (
            string modelId, string key, Caller caller, LogToLoggedModel log, CancellationToken cancellation) =>
        {
            await log.DeleteTagAsync(caller, modelId, RouteKey.Of(key), cancellation);
            return MlflowAnswer.Empty;
        });
    }
}
