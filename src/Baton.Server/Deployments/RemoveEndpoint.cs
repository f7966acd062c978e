using Baton.Server.Platform.Access;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ledger;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Deployments;

/// <summary>Takes an endpoint out of service. Its history stays, and a deployment puts it back. Once more changes nothing.</summary>
internal sealed class RemoveEndpoint(Writes writes, DeploymentsStore store)
{
    public Task HandleAsync(Caller caller, EndpointName name, CancellationToken cancellation) => writes.RunAsync(caller, async change =>
    {
        var endpoint = await store.LockAsync(change, name.Value);
        if (endpoint.Latest is null)
            throw DeploymentsErrors.NoEndpoint(name.Value);
        if (endpoint.Current is not { } current)
            return false;
        await store.TakeOutOfServiceAsync(change, name.Value);
        await change.RecordAsync("endpoint.removed", name.Subject, new { deployment = current.Id, model = current.Model, version = current.Version });
        return true;
    }, cancellation);

    public static void Map(IEndpointRouteBuilder routes) => routes.MapV1("DELETE", "endpoints/{endpoint}", Permission.WriteDeployments, async (
        string endpoint, Caller caller, RemoveEndpoint remove, CancellationToken cancellation) =>
    {
        await remove.HandleAsync(caller, EndpointName.Parse(endpoint), cancellation);
        return Results.Text("{}", "application/json");
    });
}
