using Baton.Database;
using Baton.Server.Deployments;

namespace Baton.Server.Predictions;

/// <summary>Which endpoints there are: those deployed to, now or once, and those that predictions came for.</summary>
internal sealed class LoggedEndpoints(PredictionsStore store, DeploymentsStore deployments)
{
    /// <summary>Refuses an endpoint that does not exist.</summary>
    public async Task CheckAsync(Session sql, string project, string endpoint)
    {
        if (!await store.IsLoggedAsync(sql, project, endpoint) && (await deployments.ListAsync(sql, project, endpoint)).Count == 0)
            throw PredictionsErrors.NoEndpoint(endpoint);
    }
}
