using Baton.Server.Lineage;

namespace Baton.Server.Ui;

/// <summary>Places a graph in columns: what was there first stands left of what came of it.</summary>
internal sealed class LineageLayout
{
    public const int BoxWidth = 176;
    public const int BoxHeight = 42;

    private const int ColumnGap = 44;
    private const int RowGap = 12;
    private const int MostRows = 6;

    private LineageLayout(IReadOnlyList<Box> boxes, IReadOnlyList<Line> lines, int left)
    {
        Boxes = boxes;
        Lines = lines;
        Left = left;
    }

    public IReadOnlyList<Box> Boxes { get; }

    public IReadOnlyList<Line> Lines { get; }

    /// <summary>Nodes that found no place: a column shows a few.</summary>
    public int Left { get; }

    public int Width => Boxes.Max(b => b.X) + BoxWidth + 2;

    public int Height => Boxes.Max(b => b.Y) + BoxHeight + 2;

    public static LineageLayout Of(LineageGraph graph)
    {
        var columns = ColumnsOf(graph);
        var boxes = new List<Box>();
        var tallest = Math.Min(MostRows, columns.GroupBy(c => c.Value).Max(g => g.Count()));
        foreach (var column in columns.GroupBy(c => c.Value).OrderBy(g => g.Key))
        {
            var shown = graph.Nodes.Where(n => columns[n.Id] == column.Key).OrderByDescending(n => n.Id == graph.Root).Take(MostRows).ToList();
            var top = (tallest - shown.Count) * (BoxHeight + RowGap) / 2;
            boxes.AddRange(shown.Select((node, row) => new Box(node, 1 + (column.Key * (BoxWidth + ColumnGap)), 1 + top + (row * (BoxHeight + RowGap)), node.Id == graph.Root)));
        }

        var places = boxes.ToDictionary(b => b.Node.Id);
        var lines = from edge in graph.Edges
                    where places.ContainsKey(edge.From) && places.ContainsKey(edge.To)
                    select new Line(edge, places[edge.From].X + BoxWidth, places[edge.From].Middle, places[edge.To].X, places[edge.To].Middle);
        return new LineageLayout(boxes, [.. lines], graph.Nodes.Count - boxes.Count);
    }

    /// <summary>The column of each node: one right of the rightmost that leads to it. Passes are as many as nodes at most, so that a circle ends too.</summary>
    private static Dictionary<string, int> ColumnsOf(LineageGraph graph)
    {
        var columns = graph.Nodes.ToDictionary(n => n.Id, _ => 0);
        for (var (pass, moved) = (0, true); moved && pass < graph.Nodes.Count; pass++)
        {
            moved = false;
            foreach (var edge in graph.Edges.Where(e => columns[e.To] <= columns[e.From]))
            {
                columns[edge.To] = Math.Min(columns[edge.From] + 1, graph.Nodes.Count);
                moved = true;
            }
        }

        return columns;
    }

    /// <summary>A node and where its box is.</summary>
    internal sealed record Box(LineageNode Node, int X, int Y, bool IsRoot)
    {
        public int Middle => Y + (BoxHeight / 2);
    }

    /// <summary>An edge and its two ends.</summary>
    internal sealed record Line(LineageEdge Edge, int FromX, int FromY, int ToX, int ToY)
    {
        public string Path
        {
            get
            {
                var half = (FromX + ToX) / 2;
                return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"M{FromX} {FromY}C{half} {FromY} {half} {ToY} {ToX} {ToY}");
            }
        }
    }
}
