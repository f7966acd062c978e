using Baton.Database;
using Baton.Server.Platform.Webhooks;

namespace Baton.Server.Registry;

/// <summary>Tells prompts from models by the tag that MLflow's client gives them.</summary>
internal sealed class PromptNames(RegistryStore store) : IPrompts
{
    public async Task<bool> IsPromptAsync(Session sql, string project, string model) =>
        string.Equals(await store.FindModelTagAsync(sql, project, model, RegisteredModel.PromptTag), "true", StringComparison.OrdinalIgnoreCase);
}
