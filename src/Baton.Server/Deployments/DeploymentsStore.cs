using Baton.Contracts;
using Baton.Database;
using Baton.Server.Platform.Ledger;

namespace Baton.Server.Deployments;

/// <summary>All SQL of the leg.</summary>
internal sealed class DeploymentsStore
{
    private const string Columns =
        "d.project, d.id, d.seq, d.endpoint, d.model, d.version, d.package_digest, d.kind, d.previous, d.returns_to, d.reason, d.actor, d.at";

    /// <summary>An endpoint with its row locked until commit, so that what is decided about it is decided one after the other.</summary>
    public async Task<Endpoint> LockAsync(Change change, string name)
    {
        await change.Sql.ExecuteAsync(
            "INSERT INTO endpoints (project, name, in_service) VALUES (@Project, @name, FALSE) ON CONFLICT DO NOTHING", new { change.Project, name });
        var row = (await change.Sql.FirstOrDefaultAsync<Row>(
            $"SELECT name, deployment_id, in_service FROM endpoints WHERE project = @Project AND name = @name{change.Sql.Dialect.ForUpdate}",
            new { change.Project, name }))!;
        return new Endpoint(name, row.DeploymentId is { } id ? await FindDeploymentAsync(change.Sql, change.Project, id) : null, row.InService);
    }

    /// <summary>By name; of one name, or all. A name that never had a deployment is no endpoint.</summary>
    public async Task<IReadOnlyList<Endpoint>> ListAsync(Session sql, string project, string? name)
    {
        var args = new { project, name = name ?? "" };
        var rows = await sql.QueryAsync<Row>(
            """
            SELECT name, deployment_id, in_service FROM endpoints
            WHERE project = @project AND (@name = '' OR name = @name) AND deployment_id IS NOT NULL ORDER BY name
            """,
            args);
        var latest = await sql.QueryAsync<Deployment>(
            $"""
            SELECT {Columns} FROM deployments d JOIN endpoints e ON e.project = d.project AND e.deployment_id = d.id
            WHERE d.project = @project AND (@name = '' OR e.name = @name)
            """,
            args);
        return [.. rows.Select(r => new Endpoint(r.Name, latest.First(d => d.Id == r.DeploymentId), r.InService))];
    }

    /// <summary>Newest first.</summary>
    public Task<IReadOnlyList<Deployment>> HistoryAsync(Session sql, string project, string endpoint) => sql.QueryAsync<Deployment>(
        $"SELECT {Columns} FROM deployments d WHERE d.project = @project AND d.endpoint = @endpoint ORDER BY d.seq DESC LIMIT 1000", new { project, endpoint });

    /// <summary>Every deployment of a version, newest first.</summary>
    public Task<IReadOnlyList<Deployment>> OfVersionAsync(Session sql, string project, string model, long version, int limit) => sql.QueryAsync<Deployment>(
        $"SELECT {Columns} FROM deployments d WHERE d.project = @project AND d.model = @model AND d.version = @version ORDER BY d.seq DESC LIMIT @limit",
        new { project, model, version, limit });

    public Task<Deployment?> FindDeploymentAsync(Session sql, string project, string id) => sql.FirstOrDefaultAsync<Deployment>(
        $"SELECT {Columns} FROM deployments d WHERE d.project = @project AND d.id = @id", new { project, id });

    /// <summary>What is served now, in every project, by project and endpoint.</summary>
    public Task<IReadOnlyList<Deployment>> ServedAsync(Session sql) => sql.QueryAsync<Deployment>(
        $"""
        SELECT {Columns} FROM deployments d JOIN endpoints e ON e.project = d.project AND e.deployment_id = d.id
        WHERE e.in_service ORDER BY d.project, d.endpoint
        """);

    /// <summary>The endpoints that a model's versions were ever deployed to, by name.</summary>
    public Task<IReadOnlyList<string>> EverServedAsync(Session sql, string project, string model) => sql.QueryAsync<string>(
        "SELECT DISTINCT endpoint FROM deployments WHERE project = @project AND model = @model ORDER BY endpoint", new { project, model });

    /// <summary>What is kept of an endpoint's predictions.</summary>
    public async Task<PredictionLogging> LoggingAsync(Session sql, string project, string name) =>
        await sql.FirstOrDefaultAsync<string>("SELECT logging FROM endpoints WHERE project = @project AND name = @name", new { project, name }) is { } document
            ? Documents.Read<PredictionLogging>(document)
            : PredictionLogging.Everything;

    public Task SetLoggingAsync(Change change, string name, PredictionLogging logging) => change.Sql.ExecuteAsync(
        "UPDATE endpoints SET logging = @document WHERE project = @Project AND name = @name",
        new { change.Project, name, document = Documents.Write(logging) });

    /// <summary>The endpoints that serve a version now.</summary>
    public Task<IReadOnlyList<string>> ServingAsync(Session sql, string project, string model, long version) => sql.QueryAsync<string>(
        """
        SELECT e.name FROM endpoints e JOIN deployments d ON d.project = e.project AND d.id = e.deployment_id
        WHERE e.project = @project AND e.in_service AND d.model = @model AND d.version = @version ORDER BY e.name
        """,
        new { project, model, version });

    /// <summary>Writes a deployment down and makes it what its endpoint serves.</summary>
    public async Task PutAsync(Change change, Deployment deployment)
    {
        await change.Sql.ExecuteAsync(
            """
            INSERT INTO deployments (project, id, seq, endpoint, model, version, package_digest, kind, previous, returns_to, reason, actor, at)
            VALUES (@Project, @Id, @Seq, @Endpoint, @Model, @Version, @PackageDigest, @Kind, @Previous, @ReturnsTo, @Reason, @Actor, @At)
            """,
            deployment);
        await change.Sql.ExecuteAsync(
            "UPDATE endpoints SET deployment_id = @Id, in_service = TRUE WHERE project = @Project AND name = @Endpoint", deployment);
    }

    public Task TakeOutOfServiceAsync(Change change, string name) => change.Sql.ExecuteAsync(
        "UPDATE endpoints SET in_service = FALSE WHERE project = @Project AND name = @name", new { change.Project, name });

    /// <summary>Keeps a node's word; forgets the nodes that were silent since <paramref name="silentSince"/>.</summary>
    public async Task PutNodeAsync(Change change, string node, string address, string document, long silentSince)
    {
        await change.Sql.ExecuteAsync(
            """
            INSERT INTO serving_nodes (node, address, document, seen_at) VALUES (@node, @address, @document, @Now)
            ON CONFLICT (node) DO UPDATE SET address = excluded.address, document = excluded.document, seen_at = excluded.seen_at
            """,
            new { node, address, document, change.Now });
        await change.Sql.ExecuteAsync("DELETE FROM serving_nodes WHERE seen_at < @silentSince", new { silentSince });
    }

    /// <summary>The nodes that were heard of since, by name.</summary>
    public Task<IReadOnlyList<NodeRow>> ListNodesAsync(Session sql, long since) => sql.QueryAsync<NodeRow>(
        "SELECT node, document, seen_at FROM serving_nodes WHERE seen_at >= @since ORDER BY node", new { since });

    /// <summary>A node's word as it is kept.</summary>
    internal sealed record NodeRow
    {
        public string Node { get; init; } = "";

        /// <summary>A <see cref="NodeStatus"/>.</summary>
        public string Document { get; init; } = "";

        public long SeenAt { get; init; }
    }

    private sealed record Row
    {
        public string Name { get; init; } = "";

        public string? DeploymentId { get; init; }

        public bool InService { get; init; }
    }
}
