using Baton.Server.Platform.Access;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ledger;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Registry;

/// <summary>Takes an alias away. One that is not there is no error, as in MLflow.</summary>
internal sealed class DeleteAlias(Writes writes, RegistryStore store)
{
    public Task HandleAsync(Caller caller, ModelName name, AliasName alias, CancellationToken cancellation) => writes.RunAsync(caller, async change =>
    {
        if (!await store.LockModelAsync(change, name.Value))
            throw RegistryErrors.NoModel(name.Value);
        if (await store.FindAliasAsync(change.Sql, change.Project, name.Value, alias.Value) is { } version)
            await TakeAsync(store, change, name.Value, alias.Value, version);
        return true;
    }, cancellation);

    /// <summary>Takes an alias away as part of a change, and puts on record what it pointed to.</summary>
    public static async Task TakeAsync(RegistryStore store, Change change, string name, string alias, long version)
    {
        await store.DeleteAliasAsync(change, name, alias);
        await change.RecordAsync("alias.deleted", $"models/{name}", new { alias, version });
    }

    public static void Map(IEndpointRouteBuilder routes) => routes.MapMlflow("DELETE", "registered-models/alias", Permission.WriteRegistry, async (
        MlflowRequest request, Caller caller, DeleteAlias delete, CancellationToken cancellation) =>
    {
        await delete.HandleAsync(caller, ModelName.Parse(request.Required("name")), AliasName.Parse(request.Required("alias")), cancellation);
        return MlflowAnswer.Empty;
    });
}
