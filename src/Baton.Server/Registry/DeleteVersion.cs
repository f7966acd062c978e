using Baton.Server.Platform.Access;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ledger;
using Baton.Server.Platform.References;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Registry;

/// <summary>
/// Deletes a version that no leg holds, and the aliases that point to it. It keeps its number and is read no more; its package stays, so that
/// what is on record can be shown.
/// </summary>
internal sealed class DeleteVersion(Writes writes, RegistryStore store, IEnumerable<IVersionHolder> holders)
{
    public Task HandleAsync(Caller caller, ModelName name, long number, CancellationToken cancellation) => writes.RunAsync(caller, async change =>
    {
        await store.LockModelAsync(change, name.Value);
        var version = await store.FindVersionAsync(change.Sql, change.Project, name.Value, number) ?? throw RegistryErrors.NoVersion(name.Value, number);
        var holds = await holders.AllAsync(change.Sql, change.Project, name.Value, number);
        if (holds.Count > 0)
            throw RegistryErrors.InUse($"{version.Name}/{version.Version}", "deleted", holds);
        foreach (var alias in version.Aliases)
            await DeleteAlias.TakeAsync(store, change, name.Value, alias, number);
        await store.DeleteVersionAsync(change, name.Value, number);
        return await change.RecordAsync("version.deleted", version.Subject, new { package = version.ManifestDigest, stage = version.Stage.ToLowerInvariant() });
    }, cancellation);

    public static void Map(IEndpointRouteBuilder routes) => routes.MapMlflow("DELETE", "model-versions/delete", Permission.WriteRegistry, async (
        MlflowRequest request, Caller caller, DeleteVersion delete, CancellationToken cancellation) =>
    {
        await delete.HandleAsync(
            caller, ModelName.Parse(request.Required("name")), ModelVersion.ParseNumber(request.Required("version")), cancellation);
        return MlflowAnswer.Empty;
    });
}
