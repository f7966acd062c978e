namespace Baton.Server.Artifacts;

/// <summary>An upload under way, or finished lately.</summary>
internal sealed record Upload
{
    /// <summary>Kind of an upload that is continued where it broke off.</summary>
    public const string Resumable = "resumable";

    /// <summary>Kind of an upload in numbered parts, in any order.</summary>
    public const string Multipart = "multipart";

    public string Id { get; init; } = "";

    public string Kind { get; init; } = "";

    /// <summary>Path that the file will have.</summary>
    public string Path { get; init; } = "";

    /// <summary>Bytes announced; null for one in parts.</summary>
    public long? Size { get; init; }

    /// <summary>Number of parts announced; null for a resumable one.</summary>
    public long? Parts { get; init; }

    /// <summary>What its bytes are, once all have come.</summary>
    public string? Digest { get; init; }

    /// <summary>Whether the file got its place in the map.</summary>
    public bool Finished { get; init; }
}
