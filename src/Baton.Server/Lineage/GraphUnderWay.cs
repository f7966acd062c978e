using System.Text.Json.Nodes;

namespace Baton.Server.Lineage;

/// <summary>A graph while it is walked: each node and edge once, and no more nodes than fit.</summary>
internal sealed class GraphUnderWay(NodeRef root, string direction, int depth)
{
    /// <summary>Nodes of a graph at most.</summary>
    public const int MostNodes = 1000;

    /// <summary>Neighbours that are asked for at one node; one more tells that there are others.</summary>
    public const int FanOut = 200;

    private readonly Dictionary<string, LineageNode> _nodes = [];
    private readonly List<NodeRef> _order = [];
    private readonly Dictionary<(string From, string To, string Relation), LineageEdge> _edges = [];
    private readonly SortedSet<string> _cutBy = new(StringComparer.Ordinal);

    /// <summary>Whether a node has its place already.</summary>
    public bool Has(NodeRef node) => _nodes.ContainsKey(node.Id);

    public IEnumerable<NodeRef> Of(string kind) => _order.Where(n => n.Kind == kind);

    /// <summary>Gives a node its place, or adds to what is known of it. False where there is no room.</summary>
    public bool Put(NodeRef node, JsonObject? facts = null)
    {
        if (_nodes.TryGetValue(node.Id, out var known))
        {
            foreach (var (name, value) in facts ?? [])
                known.Facts![name] = value?.DeepClone();
            return true;
        }

        if (_nodes.Count >= MostNodes)
        {
            Cut("nodes");
            return false;
        }

        _nodes[node.Id] = new LineageNode(node.Id, node.Kind, node.Name) { Facts = facts ?? [] };
        _order.Add(node);
        return true;
    }

    /// <summary>Joins two nodes that have their places.</summary>
    public void Join(NodeRef from, NodeRef to, string relation, JsonObject? facts = null) =>
        _edges.TryAdd((from.Id, to.Id, relation), new LineageEdge(from.Id, to.Id, relation) { Facts = facts });

    public void Cut(string by) => _cutBy.Add(by);

    /// <summary>At most <see cref="FanOut"/> of a list that was asked for with one more.</summary>
    public IEnumerable<T> Fit<T>(IReadOnlyList<T> found)
    {
        if (found.Count > FanOut)
            Cut("fan_out");
        return found.Take(FanOut);
    }

    public LineageGraph Done() => new(root.Id, direction, depth, _cutBy.Count > 0, [.. _cutBy], [.. _order.Select(n => _nodes[n.Id])], [.. _edges.Values]);
}
