using Baton.Database;
using Baton.Server.Platform.References;

namespace Baton.Server.Deployments;

/// <summary>Keeps the history of endpoints under the names of models: every logged prediction is explained by it.</summary>
internal sealed class DeployedModels(DeploymentsStore store) : IModelHolder
{
    public async Task<IReadOnlyList<string>> HoldsAsync(Session sql, string project, string model) =>
        [.. (await store.EverServedAsync(sql, project, model)).Select(endpoint => $"the endpoint {endpoint} serves or served its versions, and its history and predictions name them.")];
}
