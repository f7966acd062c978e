using Baton.Database;
using Baton.Server.Platform.References;

namespace Baton.Server.Deployments;

/// <summary>Holds the versions that endpoints serve.</summary>
internal sealed class ServedVersions(DeploymentsStore store) : IVersionHolder
{
    public async Task<IReadOnlyList<string>> HoldsAsync(Session sql, string project, string model, long version) =>
        [.. (await store.ServingAsync(sql, project, model, version)).Select(endpoint => $"the endpoint {endpoint} serves it: deploy another version there first.")];
}
