using System.Text.Json.Nodes;
using Baton.Contracts;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ids;
using Baton.Server.Registry;
using Baton.Server.Runs;
using Baton.Server.Runs.LoggedModels;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Lineage;

/// <summary>Walks from a node to all that made it and all that came of it, edge by edge. Up and down are walked apart: what else came of a version's dataset is not the version's.</summary>
internal sealed class ReadLineage(LineageSteps steps, ReadRunLinks runs, ReadVersionLinks versions)
{
    public const string Up = "up";
    public const string Down = "down";
    public const string Both = "both";
    public const int DefaultDepth = 6;
    public const int MostDepth = 20;

    public async Task<LineageGraph> HandleAsync(Caller caller, NodeRef root, string direction, int depth, CancellationToken cancellation)
    {
        if (direction is not (Up or Down or Both))
            throw Refusal.Invalid($"Invalid value '{direction}' for parameter 'direction' supplied: expected up, down or both.");
        if (depth is < 1 or > MostDepth)
            throw Refusal.Invalid($"Invalid value {depth} for parameter 'depth' supplied: expected 1 to {MostDepth}.");
        var graph = new GraphUnderWay(root, direction, depth);
        graph.Put(root);
        if (direction != Down)
            await WalkAsync(caller, graph, root, isUp: true, depth, cancellation);
        if (direction != Up)
            await WalkAsync(caller, graph, root, isUp: false, depth, cancellation);
        await DescribeAsync(caller, graph, cancellation);
        return graph.Done();
    }

    public async Task<LineageGraph> OfVersionAsync(Caller caller, ModelName name, long version, string direction, int depth, CancellationToken cancellation) =>
        await versions.FindAsync(caller, name.Value, version, cancellation) is null
            ? throw RegistryErrors.NoVersion(name.Value, version)
            : await HandleAsync(caller, LineageSteps.Version(name.Value, version), direction, depth, cancellation);

    private async Task<LineageGraph> OfRunAsync(Caller caller, string runId, string direction, int depth, CancellationToken cancellation) =>
        (await runs.HeadsAsync(caller, [runId], cancellation)).Count == 0
            ? throw RunsErrors.NoRun(runId)
            : await HandleAsync(caller, LineageSteps.Run(runId), direction, depth, cancellation);

    private async Task<LineageGraph> OfModelAsync(Caller caller, string modelId, string direction, int depth, CancellationToken cancellation) =>
        await runs.ModelAsync(caller, modelId, cancellation) is null
            ? throw LoggedModelErrors.NoModel(modelId)
            : await HandleAsync(caller, LineageSteps.LoggedModel(modelId), direction, depth, cancellation);

    private async Task<LineageGraph> OfDatasetAsync(Caller caller, string name, string? digest, string direction, int depth, CancellationToken cancellation) =>
        (await runs.ReadersAsync(caller, name, digest, 1, cancellation)).Count == 0
            ? throw Refusal.NotFound($"No run logged a dataset '{name}'{(digest is null ? "" : $" of digest '{digest}'")} as its input.")
            : await HandleAsync(caller, new NodeRef(NodeKinds.Dataset, name, digest), direction, depth, cancellation);

    private async Task<LineageGraph> OfCommitAsync(Caller caller, string commit, string direction, int depth, CancellationToken cancellation) =>
        (await runs.OfCommitAsync(caller, commit, 1, cancellation)).Count == 0
            ? throw Refusal.NotFound($"No run names the commit '{commit}' in its tag {RunsStore.CommitTag}; give it whole.")
            : await HandleAsync(caller, new NodeRef(NodeKinds.Commit, commit), direction, depth, cancellation);

    private async Task WalkAsync(Caller caller, GraphUnderWay graph, NodeRef root, bool isUp, int depth, CancellationToken cancellation)
    {
        var walked = new HashSet<string> { root.Id };
        IReadOnlyList<NodeRef> frontier = [root];
        for (var level = 0; level <= depth && frontier.Count > 0; level++)
        {
            var next = new List<NodeRef>();
            foreach (var node in frontier)
            {
                var found = isUp ? await steps.UpAsync(caller, node, cancellation) : await steps.DownAsync(caller, node, cancellation);
                // Behind the last level one more look tells whether there is more.
                if (level == depth)
                {
                    if (found.Any(s => !graph.Has(s.Other)))
                        graph.Cut("depth");
                    continue;
                }

                foreach (var step in graph.Fit(found))
                {
                    if (!graph.Put(step.Other, step.Node))
                        continue;
                    var (from, to) = isUp ? (step.Other, node) : (node, step.Other);
                    graph.Join(from, to, step.Relation, step.Edge);
                    if (walked.Add(step.Other.Id))
                        next.Add(step.Other);
                }
            }

            frontier = next;
        }
    }

    /// <summary>Says of each node what is known of it.</summary>
    private async Task DescribeAsync(Caller caller, GraphUnderWay graph, CancellationToken cancellation)
    {
        var ids = graph.Of(NodeKinds.Run).Select(n => n.Name).ToList();
        var heads = (await runs.HeadsAsync(caller, ids, cancellation)).ToDictionary(h => h.RunId);
        foreach (var id in ids)
            graph.Put(LineageSteps.Run(id), heads.TryGetValue(id, out var head) ? FactsOf(head) : new JsonObject { ["missing"] = true });
        foreach (var node in graph.Of(NodeKinds.LoggedModel).ToList())
        {
            graph.Put(node, await runs.ModelAsync(caller, node.Name, cancellation) is { } model
                ? new JsonObject { ["model_name"] = model.Name, ["model_type"] = model.ModelType, ["lifecycle_stage"] = model.LifecycleStage, ["created_at"] = Instants.FromMicros(model.CreatedAt) }
                : new JsonObject { ["missing"] = true });
        }

        foreach (var node in graph.Of(NodeKinds.Version).ToList())
        {
            graph.Put(node, await versions.FindAsync(caller, node.Name, ModelVersion.ParseNumber(node.Part!), cancellation) is { } version
                ? LineageSteps.FactsOf(version)
                : new JsonObject { ["missing"] = true });
        }
    }

    private static JsonObject FactsOf(RunHead head)
    {
        var facts = new JsonObject
        {
            ["run_name"] = head.Name,
            ["experiment_id"] = head.ExperimentId.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["status"] = head.Status,
            ["lifecycle_stage"] = head.LifecycleStage,
            ["started_at"] = Instants.FromMicros(head.StartedAt),
            ["ended_at"] = Instants.FromMicros(head.EndedAt),
            ["user"] = head.UserId,
        };
        foreach (var (name, value) in new[] { ("commit", head.Commit), ("branch", head.Branch), ("source", head.Source), ("source_type", head.SourceType) })
        {
            if (value is not null)
                facts[name] = value;
        }

        return facts;
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapV1("GET", "lineage/models/{name}/versions/{version}", Permission.ReadLineage, async (
            string name, string version, string? direction, int? depth, Caller caller, ReadLineage read, CancellationToken cancellation) =>
            Answer(await read.OfVersionAsync(
                caller, ModelName.Parse(name), ModelVersion.ParseNumber(version), direction ?? Both, depth ?? DefaultDepth, cancellation)));
        routes.MapV1("GET", "lineage/runs/{runId}", Permission.ReadLineage, async (
            string runId, string? direction, int? depth, Caller caller, ReadLineage read, CancellationToken cancellation) =>
            Answer(await read.OfRunAsync(caller, runId, direction ?? Both, depth ?? DefaultDepth, cancellation)));
        routes.MapV1("GET", "lineage/logged-models/{modelId}", Permission.ReadLineage, async (
            string modelId, string? direction, int? depth, Caller caller, ReadLineage read, CancellationToken cancellation) =>
            Answer(await read.OfModelAsync(caller, modelId, direction ?? Both, depth ?? DefaultDepth, cancellation)));
        routes.MapV1("GET", "lineage/datasets", Permission.ReadLineage, async (
            string? name, string? digest, string? direction, int? depth, Caller caller, ReadLineage read, CancellationToken cancellation) =>
        {
            if (string.IsNullOrEmpty(name))
                throw Refusal.Invalid("Missing value for required parameter 'name': the dataset's name, as runs logged it.");
            return Answer(await read.OfDatasetAsync(
                caller, name, string.IsNullOrEmpty(digest) ? null : digest, direction ?? Both, depth ?? DefaultDepth, cancellation));
        });
        routes.MapV1("GET", "lineage/commits/{commit}", Permission.ReadLineage, async (
            string commit, string? direction, int? depth, Caller caller, ReadLineage read, CancellationToken cancellation) =>
            Answer(await read.OfCommitAsync(caller, commit, direction ?? Both, depth ?? DefaultDepth, cancellation)));
    }

    private static IResult Answer(LineageGraph graph) => Results.Json(graph, Documents.Compact);
}
