using Baton.Server.Platform.Access;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ledger;
using Baton.Server.Platform.References;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Registry;

/// <summary>
/// Deletes a model with its versions, tags and aliases, where no leg holds any of it. Its packages stay, and its numbers are not used again, so
/// that what the ledger says of them stays true.
/// </summary>
internal sealed class DeleteModel(Writes writes, RegistryStore store, IEnumerable<IModelHolder> modelHolders, IEnumerable<IVersionHolder> versionHolders)
{
    public Task HandleAsync(Caller caller, ModelName name, CancellationToken cancellation) => writes.RunAsync(caller, async change =>
    {
        var isThere = await store.LockModelAsync(change, name.Value);
        var model = isThere ? await store.FindModelAsync(change.Sql, change.Project, name.Value) : null;
        if (model is null)
            throw RegistryErrors.NoModel(name.Value);
        var versions = await store.ListVersionsAsync(change.Sql, change.Project, name.Value);
        var holds = new List<string>(await modelHolders.AllAsync(change.Sql, change.Project, name.Value));
        foreach (var version in versions)
            holds.AddRange((await versionHolders.AllAsync(change.Sql, change.Project, name.Value, version.Version)).Select(h => $"Version {version.Version}: {h}"));
        if (holds.Count > 0)
            throw RegistryErrors.InUse(name.Value, "deleted", holds);
        await store.DeleteModelAsync(change, name.Value);
        return await change.RecordAsync("model.deleted", name.Subject, new
        {
            last_version = model.LastVersion,
            versions = versions.Select(v => v.Version).Order(),
            aliases = model.Aliases.ToDictionary(a => a.Alias, a => a.Version),
        });
    }, cancellation);

    public static void Map(IEndpointRouteBuilder routes) => routes.MapMlflow("DELETE", "registered-models/delete", Permission.WriteRegistry, async (
        MlflowRequest request, Caller caller, DeleteModel delete, CancellationToken cancellation) =>
    {
        await delete.HandleAsync(caller, ModelName.Parse(request.Required("name")), cancellation);
        return MlflowAnswer.Empty;
    });
}
