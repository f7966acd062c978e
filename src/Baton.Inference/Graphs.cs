using Baton.Inference.Format;

namespace Baton.Inference;

/// <summary>Walks graphs with the graphs inside their nodes (loops, branches).</summary>
internal static class Graphs
{
    /// <summary>The graph and all graphs inside it.</summary>
    public static IEnumerable<GraphProto> Of(GraphProto graph) =>
        graph.Node.SelectMany(Inside).SelectMany(Of).Prepend(graph);

    /// <summary>The nodes of a graph and of all graphs inside it.</summary>
    public static IEnumerable<NodeProto> NodesOf(GraphProto graph) => Of(graph).SelectMany(g => g.Node);

    /// <summary>The graphs right inside a node.</summary>
    public static IEnumerable<GraphProto> Inside(NodeProto node) =>
        node.Attribute.SelectMany(a => a.G is null ? a.Graphs : a.Graphs.Append(a.G));
}
