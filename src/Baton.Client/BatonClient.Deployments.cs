namespace Baton.Client;

public sealed partial class BatonClient
{
    private static readonly TimeSpan LookAtEndpointEvery = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// Binds an endpoint to a version; the endpoint is made where there is none, and the same version again changes nothing.
    /// <c>gate_refused</c> (409) tells why the version may not serve; <c>endpoint_moved</c> (409) that another was faster.
    /// </summary>
    /// <param name="endpoint">Endpoint.</param>
    /// <param name="model">Registered model.</param>
    /// <param name="version">Version, sealed.</param>
    /// <param name="expectedCurrent">Version that the endpoint must serve now, empty for none; null for any.</param>
    /// <param name="reason">Why, for the ledger.</param>
    /// <param name="cancel">Stops the call.</param>
    public Task<DeploymentRecord> DeployAsync(
        string endpoint, string model, string version, string? expectedCurrent = null, string? reason = null, CancellationToken cancel = default) =>
        PostAsync<DeploymentRecord>($"{Endpoint(endpoint)}/deployments", new { model, version, expected_current = expectedCurrent, reason }, cancel);

    /// <summary>Binds an endpoint to the version that is in a stage now, like <see cref="DeployAsync"/>; later moves of the stage do not move the endpoint.</summary>
    /// <param name="endpoint">Endpoint.</param>
    /// <param name="model">Registered model.</param>
    /// <param name="stage"><c>staging</c> or <c>production</c>.</param>
    /// <param name="expectedCurrent">Version that the endpoint must serve now, empty for none; null for any.</param>
    /// <param name="reason">Why, for the ledger.</param>
    /// <param name="cancel">Stops the call.</param>
    public Task<DeploymentRecord> DeployStageAsync(
        string endpoint, string model, string stage, string? expectedCurrent = null, string? reason = null, CancellationToken cancel = default) =>
        PostAsync<DeploymentRecord>($"{Endpoint(endpoint)}/deployments", new { model, stage, expected_current = expectedCurrent, reason }, cancel);

    /// <summary>Takes an endpoint back to the version before the current one, past what was rolled back from already. <c>not_ready</c> (409) where there is none.</summary>
    /// <param name="endpoint">Endpoint.</param>
    /// <param name="expectedCurrent">Version that the endpoint must serve now; null for any.</param>
    /// <param name="reason">Why, for the ledger.</param>
    /// <param name="cancel">Stops the call.</param>
    public Task<DeploymentRecord> RollBackAsync(string endpoint, string? expectedCurrent = null, string? reason = null, CancellationToken cancel = default) =>
        PostAsync<DeploymentRecord>($"{Endpoint(endpoint)}/rollback", new { expected_current = expectedCurrent, reason }, cancel);

    /// <summary>Takes an endpoint out of service; its history stays.</summary>
    public async Task RemoveEndpointAsync(string endpoint, CancellationToken cancel = default)
    {
        using var response = await SendAsync(HttpMethod.Delete, Endpoint(endpoint), null, cancel).ConfigureAwait(false);
    }

    /// <summary>Every endpoint with what it serves, by name.</summary>
    public async Task<IReadOnlyList<EndpointRecord>> ListEndpointsAsync(CancellationToken cancel = default) =>
        (await GetAsync<EndpointListing>("api/v1/endpoints", cancel).ConfigureAwait(false)).Endpoints;

    /// <summary>An endpoint with its history and the nodes that serve it.</summary>
    public Task<EndpointRecord> GetEndpointAsync(string endpoint, CancellationToken cancel = default) => GetAsync<EndpointRecord>(Endpoint(endpoint), cancel);

    /// <summary>
    /// Waits until every node serves a deployment. Comes back earlier where a node cannot (<see cref="EndpointState.Failed"/>), and where the endpoint
    /// serves something else by then; later than <paramref name="atMost"/> never: look at what is returned.
    /// </summary>
    /// <param name="deployment">What to wait for.</param>
    /// <param name="atMost">How long.</param>
    /// <param name="seen">Told how the endpoint stands, at every look.</param>
    /// <param name="cancel">Stops waiting.</param>
    public async Task<EndpointRecord> WaitForDeploymentAsync(
        DeploymentRecord deployment, TimeSpan atMost, Action<EndpointRecord>? seen = null, CancellationToken cancel = default)
    {
        var began = _time.GetTimestamp();
        while (true)
        {
            var now = await GetEndpointAsync(deployment.Endpoint, cancel).ConfigureAwait(false);
            seen?.Invoke(now);
            if (now.State is EndpointState.Ready or EndpointState.Failed || now.Current?.Id != deployment.Id || _time.GetElapsedTime(began) >= atMost)
                return now;
            await Task.Delay(LookAtEndpointEvery, _time, cancel).ConfigureAwait(false);
        }
    }

    private static string Endpoint(string endpoint) => $"api/v1/endpoints/{Escape(endpoint)}";

    private sealed record EndpointListing(IReadOnlyList<EndpointRecord> Endpoints);
}
