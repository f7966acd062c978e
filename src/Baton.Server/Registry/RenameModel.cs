using Baton.Database;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ledger;
using Baton.Server.Platform.References;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Registry;

/// <summary>
/// Gives a model another name. A model that another leg keeps something under keeps its name, and so does one whose versions would be mistaken
/// for those of a model that had the new name before.
/// </summary>
internal sealed class RenameModel(Writes writes, RegistryStore store, IEnumerable<IModelHolder> holders)
{
    public async Task<RegisteredModel> HandleAsync(Caller caller, ModelName name, ModelName newName, CancellationToken cancellation)
    {
        try
        {
            return await writes.RunAsync(caller, change => RenameAsync(change, name, newName), cancellation);
        }
        catch (UniqueViolationException)
        {
            throw RegistryErrors.NameTaken(newName.Value, false, false);
        }
    }

    private async Task<RegisteredModel> RenameAsync(Change change, ModelName name, ModelName newName)
    {
        var isThere = await store.LockModelAsync(change, name.Value);
        var model = isThere ? await store.FindModelAsync(change.Sql, change.Project, name.Value) : null;
        if (model is null)
            throw RegistryErrors.NoModel(name.Value);
        if (newName == name)
            return model;
        if (await store.FindModelAsync(change.Sql, change.Project, newName.Value) is { } other)
            throw RegistryErrors.NameTaken(newName.Value, RegisteredModel.IsPrompt(other.Tags), RegisteredModel.IsPrompt(model.Tags));
        var holds = await holders.AllAsync(change.Sql, change.Project, name.Value);
        if (holds.Count > 0)
            throw RegistryErrors.InUse(name.Value, "renamed", holds);
        var former = await store.FindFormerNameAsync(change.Sql, change.Project, newName.Value, name.Value) ?? 0;
        if (former > 0 && model.LastVersion > 0)
            throw RegistryErrors.NameUsedBefore(newName.Value, former);
        await store.RenameModelAsync(change, name.Value, newName.Value, Math.Max(former, model.LastVersion));
        await change.MoveHoldersAsync(name.Subject + "/", newName.Subject + "/");
        var aliases = model.Aliases.ToDictionary(a => a.Alias, a => a.Version);
        await change.RecordAsync("model.renamed", name.Subject, new { to = newName.Value });
        await change.RecordAsync("model.continued", newName.Subject, new { from = name.Value, last_version = model.LastVersion, aliases });
        return (await store.FindModelAsync(change.Sql, change.Project, newName.Value))!;
    }

    public static void Map(IEndpointRouteBuilder routes) => routes.MapMlflow("POST", "registered-models/rename", Permission.WriteRegistry, async (
        MlflowRequest request, Caller caller, RenameModel rename, CancellationToken cancellation) =>
    {
        var name = ModelName.Parse(request.Required("name"));
        var model = await rename.HandleAsync(caller, name, ModelName.Parse(request.Required("new_name"), "new_name"), cancellation);
        return MlflowAnswer.Of(new { RegisteredModel = MlflowRegisteredModel.Of(model) });
    });
}
