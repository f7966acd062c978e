using System.Text.Json.Nodes;
using Baton.Contracts;
using Baton.Server.Deployments;
using Baton.Server.Handoff;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Ids;
using Baton.Server.Registry;
using Baton.Server.Runs;

namespace Baton.Server.Lineage;

/// <summary>One edge away from a node: what made it, or what came of it.</summary>
/// <param name="Other">The neighbour.</param>
/// <param name="Relation">What joins them, read from what was there first.</param>
internal sealed record LineageStep(NodeRef Other, string Relation)
{
    /// <summary>What is known of the edge.</summary>
    public JsonObject? Edge { get; init; }

    /// <summary>What is known of the neighbour.</summary>
    public JsonObject? Node { get; init; }
}

/// <summary>Asks the legs for a node's neighbours.</summary>
internal sealed class LineageSteps(ReadRunLinks runs, ReadVersionLinks versions, ReadClaims claims, ReadEndpoints endpoints)
{
    private const int Asked = GraphUnderWay.FanOut + 1;

    /// <summary>What made a node.</summary>
    public async Task<IReadOnlyList<LineageStep>> UpAsync(Caller caller, NodeRef node, CancellationToken cancellation) => node.Kind switch
    {
        NodeKinds.Version => await MadeVersionAsync(caller, node, cancellation),
        NodeKinds.LoggedModel => await MadeModelAsync(caller, node.Name, cancellation),
        NodeKinds.Run => await MadeRunAsync(caller, node.Name, cancellation),
        _ => [],
    };

    /// <summary>What came of a node.</summary>
    public async Task<IReadOnlyList<LineageStep>> DownAsync(Caller caller, NodeRef node, CancellationToken cancellation) => node.Kind switch
    {
        NodeKinds.Version => await CameOfVersionAsync(caller, node, cancellation),
        NodeKinds.LoggedModel => await CameOfModelAsync(caller, node.Name, cancellation),
        NodeKinds.Run => await CameOfRunAsync(caller, node.Name, cancellation),
        NodeKinds.Dataset =>
            [.. (await runs.ReadersAsync(caller, node.Name, node.Part, Asked, cancellation)).Select(r => new LineageStep(Run(r.RunId), "input_of") { Edge = Reading(r.Context, r.Sha256) })],
        NodeKinds.Commit => [.. (await runs.OfCommitAsync(caller, node.Name, Asked, cancellation)).Select(id => new LineageStep(Run(id), "code_of"))],
        _ => [],
    };

    public static NodeRef Run(string id) => new(NodeKinds.Run, id);

    public static NodeRef LoggedModel(string id) => new(NodeKinds.LoggedModel, id);

    public static NodeRef Version(string name, long version) => new(NodeKinds.Version, name, version.ToString(System.Globalization.CultureInfo.InvariantCulture));

    public static JsonObject FactsOf(ModelVersion v) => new()
    {
        ["version"] = v.Version.ToString(System.Globalization.CultureInfo.InvariantCulture),
        ["package"] = v.ManifestDigest,
        ["source"] = v.Source,
        ["registered_at"] = Instants.FromMicros(v.CreatedAt),
        ["registered_by"] = v.CreatedBy,
        ["stage"] = v.Stage.ToLowerInvariant(),
    };

    private static JsonObject DatasetFacts(DatasetInput d) => new()
    {
        ["digest"] = d.Digest,
        ["source_type"] = d.SourceType,
        ["source"] = d.Source,
    };

    private static JsonObject Reading(string? context, string? sha256)
    {
        var reading = new JsonObject();
        if (context is not null)
            reading["context"] = context;
        if (sha256 is not null)
            reading["sha256"] = sha256;
        return reading;
    }

    private async Task<IReadOnlyList<LineageStep>> MadeVersionAsync(Caller caller, NodeRef node, CancellationToken cancellation)
    {
        var number = ModelVersion.ParseNumber(node.Part!);
        if (await versions.FindAsync(caller, node.Name, number, cancellation) is not { } version)
            return [];
        var steps = new List<LineageStep>();
        var model = version.ModelId is { } id ? await runs.ModelAsync(caller, id, cancellation) : null;
        if (version.ModelId is { } modelId)
            steps.Add(new LineageStep(LoggedModel(modelId), "registered_as"));
        if (version.RunId.Length > 0 && model?.SourceRunId != version.RunId)
            steps.Add(new LineageStep(Run(version.RunId), "registered_as"));
        if (await claims.FindAsync(caller, ModelName.Parse(node.Name), number, cancellation) is { } claimed)
        {
            var read = version.RunId.Length == 0 ? [] : (await runs.OfRunAsync(caller, version.RunId, Asked, cancellation)).Datasets;
            steps.AddRange(Documents.Read<Claims>(claimed.Document).Data.Select(d =>
            {
                // The run names the same data by MLflow's short digest; one node stands for both.
                var digest = read.FirstOrDefault(r => r.Sha256 is { } full && d.Sha256 is { } stated && Digests.Hex(full) == Digests.Hex(stated))?.Digest ?? d.Sha256;
                return new LineageStep(new NodeRef(NodeKinds.Dataset, d.Name, digest), "claimed_by")
                {
                    Edge = new JsonObject { ["role"] = d.Role, ["sha256"] = d.Sha256 },
                    Node = new JsonObject { ["digest"] = digest },
                };
            }));
        }

        return steps;
    }

    private async Task<IReadOnlyList<LineageStep>> MadeModelAsync(Caller caller, string modelId, CancellationToken cancellation)
    {
        var makers = new List<string>(await runs.ModelMakersAsync(caller, modelId, Asked, cancellation));
        if (await runs.ModelAsync(caller, modelId, cancellation) is { SourceRunId: { Length: > 0 } source } && !makers.Contains(source))
            makers.Add(source);
        return [.. makers.Select(m => new LineageStep(Run(m), "made"))];
    }

    private async Task<IReadOnlyList<LineageStep>> MadeRunAsync(Caller caller, string runId, CancellationToken cancellation)
    {
        var links = await runs.OfRunAsync(caller, runId, Asked, cancellation);
        var steps = new List<LineageStep>();
        if ((await runs.HeadsAsync(caller, [runId], cancellation)).FirstOrDefault() is { } head)
        {
            if (head.Commit is { Length: > 0 } commit)
                steps.Add(new LineageStep(new NodeRef(NodeKinds.Commit, commit), "code_of") { Node = CodeOf(head) });
            if (head.ParentRunId is { Length: > 0 } parent)
                steps.Add(new LineageStep(Run(parent), "parent_of"));
        }

        steps.AddRange(links.Datasets.Select(d =>
            new LineageStep(new NodeRef(NodeKinds.Dataset, d.Name, d.Digest), "input_of") { Edge = Reading(d.Context, d.Sha256), Node = DatasetFacts(d) }));
        steps.AddRange(links.Read.Select(m => new LineageStep(LoggedModel(m), "input_of")));
        return steps;
    }

    private static JsonObject CodeOf(RunHead head)
    {
        var code = new JsonObject();
        foreach (var (name, value) in new[] { ("repository", head.Repository), ("branch", head.Branch) })
        {
            if (value is not null)
                code[name] = value;
        }

        return code;
    }

    private async Task<IReadOnlyList<LineageStep>> CameOfVersionAsync(Caller caller, NodeRef node, CancellationToken cancellation)
    {
        var number = ModelVersion.ParseNumber(node.Part!);
        if (await versions.FindAsync(caller, node.Name, number, cancellation) is not { } version)
            return [];
        var steps = new List<LineageStep>(version.Aliases.Select(a =>
            new LineageStep(new NodeRef(NodeKinds.Alias, node.Name, a), "has_alias") { Node = new JsonObject { ["alias"] = a } }));
        if (version.Stage != Stages.None)
        {
            steps.Add(new LineageStep(new NodeRef(NodeKinds.Stage, node.Name, version.Stage.ToLowerInvariant()), "in_stage")
            {
                Edge = version.StagedAt is { } at ? new JsonObject { ["since"] = Instants.FromMicros(at), ["by"] = version.StagedBy } : null,
                Node = new JsonObject { ["stage"] = version.Stage.ToLowerInvariant() },
            });
        }

        var (deployments, serving) = await endpoints.OfVersionAsync(caller, node.Name, number, Asked, cancellation);
        steps.AddRange(deployments.DistinctBy(d => d.Endpoint).Select(d => new LineageStep(new NodeRef(NodeKinds.Endpoint, d.Endpoint), "deployed_to")
        {
            Edge = new JsonObject { ["at"] = Instants.FromMicros(d.At), ["by"] = d.Actor, ["serving"] = serving.Contains(d.Endpoint) },
        }));
        return steps;
    }

    private async Task<IReadOnlyList<LineageStep>> CameOfModelAsync(Caller caller, string modelId, CancellationToken cancellation) =>
    [
        .. (await versions.OfModelAsync(caller, modelId, Asked, cancellation)).Select(v => new LineageStep(Version(v.Name, v.Version), "registered_as")),
        .. (await runs.ModelReadersAsync(caller, modelId, Asked, cancellation)).Select(r => new LineageStep(Run(r), "input_of")),
    ];

    private async Task<IReadOnlyList<LineageStep>> CameOfRunAsync(Caller caller, string runId, CancellationToken cancellation)
    {
        var links = await runs.OfRunAsync(caller, runId, Asked, cancellation);
        var made = links.Made.DistinctBy(m => m.ModelId).ToList();
        var steps = new List<LineageStep>(made.Select(m =>
            new LineageStep(LoggedModel(m.ModelId), "made") { Edge = m.Step is { } step ? new JsonObject { ["step"] = step } : null }));
        // A version of a model that the run made hangs on the model.
        steps.AddRange((await versions.OfRunAsync(caller, runId, Asked, cancellation)).Where(v => made.All(m => m.ModelId != v.ModelId))
            .Select(v => new LineageStep(Version(v.Name, v.Version), "registered_as")));
        steps.AddRange((await runs.ChildrenAsync(caller, runId, Asked, cancellation)).Select(c => new LineageStep(Run(c), "parent_of")));
        return steps;
    }
}
