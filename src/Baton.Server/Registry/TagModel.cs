using Baton.Server.Platform.Access;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ledger;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Registry;

/// <summary>Sets and takes away a model's tags.</summary>
internal sealed class TagModel(Writes writes, RegistryStore store)
{
    public Task SetAsync(Caller caller, ModelName name, string key, string value, CancellationToken cancellation)
    {
        TagRule.Check(key, value);
        return writes.RunAsync(caller, async change =>
        {
            await RequireAsync(change, name);
            await store.SetModelTagAsync(change, name.Value, key, value);
            return await change.RecordAsync("model.tag_set", name.Subject, new { key, value });
        }, cancellation);
    }

    /// <summary>A tag that is not there is no error, as in MLflow.</summary>
    public Task DeleteAsync(Caller caller, ModelName name, string key, CancellationToken cancellation) => writes.RunAsync(caller, async change =>
    {
        await RequireAsync(change, name);
        if (await store.DeleteModelTagAsync(change, name.Value, key))
            await change.RecordAsync("model.tag_deleted", name.Subject, new { key });
        return true;
    }, cancellation);

    private async Task RequireAsync(Change change, ModelName name)
    {
        if (!await store.LockModelAsync(change, name.Value))
            throw RegistryErrors.NoModel(name.Value);
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMlflow("POST", "registered-models/set-tag", Permission.WriteRegistry, async (
            MlflowRequest request, Caller caller, TagModel tag, CancellationToken cancellation) =>
        {
            await tag.SetAsync(caller, ModelName.Parse(request.Required("name")), request.Required("key"), request.Optional("value") ?? "", cancellation);
            return MlflowAnswer.Empty;
        });
        routes.MapMlflow("DELETE", "registered-models/delete-tag", Permission.WriteRegistry, async (
            MlflowRequest request, Caller caller, TagModel tag, CancellationToken cancellation) =>
        {
            await tag.DeleteAsync(caller, ModelName.Parse(request.Required("name")), request.Required("key"), cancellation);
            return MlflowAnswer.Empty;
        });
    }
}
