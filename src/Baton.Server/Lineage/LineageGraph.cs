using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Baton.Server.Lineage;

/// <summary>A thing that lineage speaks of, named apart from all others.</summary>
/// <param name="Kind">One of <see cref="NodeKinds"/>.</param>
/// <param name="Name">Its name or id.</param>
/// <param name="Part">A version's number, a dataset's digest.</param>
internal sealed record NodeRef(string Kind, string Name, string? Part = null)
{
    public string Id => Part is null ? $"{Kind}:{Name}" : $"{Kind}:{Name}/{Part}";
}

/// <summary>The kinds of nodes.</summary>
internal static class NodeKinds
{
    public const string Commit = "commit";
    public const string Dataset = "dataset";
    public const string Run = "run";
    public const string LoggedModel = "logged_model";
    public const string Version = "model_version";
    public const string Alias = "alias";
    public const string Stage = "stage";
    public const string Endpoint = "endpoint";
}

/// <summary>A node on the wire: its id, kind and name, and what is known of it.</summary>
internal sealed record LineageNode(string Id, string Kind, string Name)
{
    [JsonIgnore]
    public JsonObject? Facts { get; init; }

    /// <summary>The facts as fields beside the others.</summary>
    [JsonExtensionData]
    public IDictionary<string, object?>? Fields => Facts?.ToDictionary(f => f.Key, f => (object?)f.Value);
}

/// <summary>An edge on the wire, from what was there first to what came of it.</summary>
internal sealed record LineageEdge(string From, string To, string Relation)
{
    [JsonIgnore]
    public JsonObject? Facts { get; init; }

    /// <summary>The facts as fields beside the others.</summary>
    [JsonExtensionData]
    public IDictionary<string, object?>? Fields => Facts?.ToDictionary(f => f.Key, f => (object?)f.Value);
}

/// <summary>What made a thing and what came of it.</summary>
/// <param name="Root">Id of the node that was asked for.</param>
/// <param name="Direction"><c>up</c>, <c>down</c> or <c>both</c>.</param>
/// <param name="Depth">How many edges away it looked.</param>
/// <param name="Truncated">Whether there is more than this.</param>
/// <param name="TruncatedBy">What cut it off: <c>depth</c>, <c>nodes</c> (too many in all) or <c>fan_out</c> (too many at one node).</param>
/// <param name="Nodes">Nodes, the root first, then in the order they were reached.</param>
/// <param name="Edges">Edges.</param>
internal sealed record LineageGraph(
    string Root, string Direction, int Depth, bool Truncated, IReadOnlyList<string> TruncatedBy, IReadOnlyList<LineageNode> Nodes, IReadOnlyList<LineageEdge> Edges);
