using Baton.Server.Platform.Access;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ledger;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Registry;

/// <summary>Sets and takes away a version's tags.</summary>
internal sealed class TagVersion(Writes writes, RegistryStore store)
{
    public Task SetAsync(Caller caller, ModelName name, long number, string key, string value, CancellationToken cancellation)
    {
        TagRule.Check(key, value);
        return writes.RunAsync(caller, async change =>
        {
            var version = await LockedAsync(change, name, number);
            await store.SetVersionTagAsync(change, name.Value, number, key, value);
            return await change.RecordAsync("version.tag_set", version.Subject, new { key, value });
        }, cancellation);
    }

    /// <summary>A tag that is not there is no error, as in MLflow.</summary>
    public Task DeleteAsync(Caller caller, ModelName name, long number, string key, CancellationToken cancellation) => writes.RunAsync(caller, async change =>
    {
        var version = await LockedAsync(change, name, number);
        if (await store.DeleteVersionTagAsync(change, name.Value, number, key))
            await change.RecordAsync("version.tag_deleted", version.Subject, new { key });
        return true;
    }, cancellation);

    private async Task<ModelVersion> LockedAsync(Change change, ModelName name, long number)
    {
        await store.LockModelAsync(change, name.Value);
        return await store.FindVersionAsync(change.Sql, change.Project, name.Value, number) ?? throw RegistryErrors.NoVersion(name.Value, number);
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMlflow("POST", "model-versions/set-tag", Permission.WriteRegistry, async (
            MlflowRequest request, Caller caller, TagVersion tag, CancellationToken cancellation) =>
        {
            var (name, number) = (ModelName.Parse(request.Required("name")), ModelVersion.ParseNumber(request.Required("version")));
            await tag.SetAsync(caller, name, number, request.Required("key"), request.Optional("value") ?? "", cancellation);
            return MlflowAnswer.Empty;
        });
        routes.MapMlflow("DELETE", "model-versions/delete-tag", Permission.WriteRegistry, async (
            MlflowRequest request, Caller caller, TagVersion tag, CancellationToken cancellation) =>
        {
            var (name, number) = (ModelName.Parse(request.Required("name")), ModelVersion.ParseNumber(request.Required("version")));
            await tag.DeleteAsync(caller, name, number, request.Required("key"), cancellation);
            return MlflowAnswer.Empty;
        });
    }
}
