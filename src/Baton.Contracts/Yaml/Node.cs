namespace Baton.Contracts.Yaml;

/// <summary>A position in the text, from 1.</summary>
internal readonly record struct Place(int Line, int Column);

/// <summary>What stands at a place of the document.</summary>
internal abstract record Node(Place At);

/// <summary>A word, number or text.</summary>
internal sealed record ScalarNode(Place At, string Value, bool Plain) : Node(At)
{
    /// <summary>Whether YAML reads it as nothing.</summary>
    public bool IsNull => Plain && Value is "" or "~" or "null" or "Null" or "NULL";
}

/// <summary>Fields with values, in the order of the text.</summary>
internal sealed record MappingNode(Place At, IReadOnlyList<Entry> Entries) : Node(At);

/// <summary>One field.</summary>
internal sealed record Entry(string Key, Place At, Node Value);

/// <summary>A list.</summary>
internal sealed record SequenceNode(Place At, IReadOnlyList<Node> Items) : Node(At);

/// <summary>Something that was refused and reported already.</summary>
internal sealed record RefusedNode(Place At) : Node(At);
