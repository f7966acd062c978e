using Baton.Contracts;
using Baton.Database;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ids;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Deployments;

/// <summary>Reads endpoints: what they serve, what they served, and how far the nodes are.</summary>
internal sealed class ReadEndpoints(BatonDatabase database, DeploymentsStore store, Proofs proofs, TimeProvider time)
{
    /// <summary>By name, without history.</summary>
    public Task<IReadOnlyList<EndpointStanding>> ListAsync(Caller caller, CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<EndpointStanding>>(async sql =>
        {
            var live = await LiveAsync(sql);
            var standings = new List<EndpointStanding>();
            foreach (var endpoint in await store.ListAsync(sql, caller.Project, null))
                standings.Add(await StandingAsync(sql, caller.Project, endpoint, live));
            return standings;
        }, cancellation);

    /// <summary>One with its history; null where there is none of the name.</summary>
    public Task<EndpointStanding?> FindAsync(Caller caller, EndpointName name, CancellationToken cancellation) =>
        database.ReadAsync(async sql =>
        {
            if ((await store.ListAsync(sql, caller.Project, name.Value)).FirstOrDefault() is not { } endpoint)
                return null;
            var history = new List<Deployment>();
            foreach (var deployment in await store.HistoryAsync(sql, caller.Project, name.Value))
            {
                var known = history.FirstOrDefault(d => d.Version == deployment.Version);
                history.Add(known is null ? await proofs.OfAsync(sql, caller.Project, deployment) : deployment with { Verified = known.Verified });
            }

            return await StandingAsync(sql, caller.Project, endpoint, await LiveAsync(sql)) with { History = history };
        }, cancellation);

    /// <summary>Where a version was deployed, newest first, and the endpoints that serve it now.</summary>
    public Task<(IReadOnlyList<Deployment> Deployments, IReadOnlyList<string> Serving)> OfVersionAsync(
        Caller caller, string model, long version, int limit, CancellationToken cancellation) =>
        database.ReadAsync(async sql => (
            await store.OfVersionAsync(sql, caller.Project, model, version, limit),
            await store.ServingAsync(sql, caller.Project, model, version)), cancellation);

    /// <summary>One with its history; a refusal where there is none of the name.</summary>
    public async Task<EndpointStanding> GetAsync(Caller caller, EndpointName name, CancellationToken cancellation) =>
        await FindAsync(caller, name, cancellation) ?? throw DeploymentsErrors.NoEndpoint(name.Value);

    private async Task<EndpointStanding> StandingAsync(Session sql, string project, Endpoint endpoint, IReadOnlyList<(NodeStatus, long)> live) =>
        EndpointStanding.Of(project, endpoint with { Latest = await proofs.OfAsync(sql, project, endpoint.Latest!) }, live);

    private async Task<IReadOnlyList<(NodeStatus Status, long SeenAt)>> LiveAsync(Session sql) =>
        [.. (await store.ListNodesAsync(sql, (time.GetUtcNow() - ReportStatus.Silence).ToMicros())).Select(n => (Documents.Read<NodeStatus>(n.Document), n.SeenAt))];

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapV1("GET", "endpoints", Permission.ReadDeployments, async (Caller caller, ReadEndpoints read, CancellationToken cancellation) =>
            Results.Json(new Listing([.. (await read.ListAsync(caller, cancellation)).Select(e => View.Of(e))]), Documents.Compact));
        routes.MapV1("GET", "endpoints/{endpoint}", Permission.ReadDeployments, async (
            string endpoint, Caller caller, ReadEndpoints read, CancellationToken cancellation) =>
        {
            var found = await read.GetAsync(caller, EndpointName.Parse(endpoint), cancellation);
            return Results.Json(View.Of(found) with { History = [.. found.History.Select(DeploymentView.Of)], Nodes = found.Nodes }, Documents.Compact);
        });
    }

    private sealed record Listing(IReadOnlyList<View> Endpoints);

    private sealed record View(string Name, DeploymentView? Current, string State)
    {
        public IReadOnlyList<DeploymentView>? History { get; init; }

        public IReadOnlyList<NodeStanding>? Nodes { get; init; }

        public static View Of(EndpointStanding e) => new(e.Name, e.Current is { } current ? DeploymentView.Of(current) : null, e.State);
    }
}
