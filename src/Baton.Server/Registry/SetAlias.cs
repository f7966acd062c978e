using Baton.Server.Platform.Access;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ledger;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Registry;

/// <summary>Points an alias to a version, or moves it there. What it pointed to before stands in the ledger.</summary>
internal sealed class SetAlias(Writes writes, RegistryStore store)
{
    public Task HandleAsync(Caller caller, ModelName name, AliasName alias, long number, CancellationToken cancellation) => writes.RunAsync(caller, async change =>
    {
        if (!await store.LockModelAsync(change, name.Value))
            throw RegistryErrors.NoModel(name.Value);
        if (await store.FindVersionAsync(change.Sql, change.Project, name.Value, number) is null)
            throw RegistryErrors.NoVersion(name.Value, number);
        var previous = await store.FindAliasAsync(change.Sql, change.Project, name.Value, alias.Value);
        if (previous == number)
            return false;
        await store.SetAliasAsync(change, name.Value, alias.Value, number);
        await change.RecordAsync("alias.set", name.Subject, new { alias = alias.Value, version = number, previous });
        return true;
    }, cancellation);

    public static void Map(IEndpointRouteBuilder routes) => routes.MapMlflow("POST", "registered-models/alias", Permission.WriteRegistry, async (
        MlflowRequest request, Caller caller, SetAlias set, CancellationToken cancellation) =>
    {
        var (name, alias) = (ModelName.Parse(request.Required("name")), AliasName.ParseNew(request.Required("alias")));
        await set.HandleAsync(caller, name, alias, ModelVersion.ParseNumber(request.Required("version")), cancellation);
        return MlflowAnswer.Empty;
    });
}
