using Baton.Server.Platform.Ledger;

namespace Baton.Server.Registry;

/// <summary>Takes in a registered model of another registry, with its times. A model of that name is that model; only its tags are added to.</summary>
internal sealed class AdoptModel(RegistryStore store)
{
    /// <summary>Whether the model is new here.</summary>
    public async Task<bool> HandleAsync(Change change, RegisteredModel model, string origin)
    {
        var name = ModelName.Parse(model.Name);
        var isNew = await store.InsertModelAsync(change, name.Value, model.Description, model.Tags);
        if (isNew)
        {
            await store.AdoptModelAsync(change, model);
            await change.RecordAsync("model.registered", name.Subject, new { description = model.Description, imported_from = origin });
            return true;
        }

        await store.LockModelAsync(change, name.Value);
        foreach (var (key, value) in model.Tags)
            await store.SetModelTagAsync(change, name.Value, key, value);
        return false;
    }
}
