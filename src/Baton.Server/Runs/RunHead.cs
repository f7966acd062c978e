namespace Baton.Server.Runs;

/// <summary>A run as lineage shows it: who, when, and what its client said of the code.</summary>
internal sealed record RunHead
{
    public string RunId { get; init; } = "";

    public string Name { get; init; } = "";

    public long ExperimentId { get; init; }

    public string UserId { get; init; } = "";

    public string Status { get; init; } = "";

    public string LifecycleStage { get; init; } = "active";

    public long StartedAt { get; init; }

    public long? EndedAt { get; init; }

    public string? Commit { get; init; }

    public string? Branch { get; init; }

    public string? Repository { get; init; }

    /// <summary>Program or notebook that ran.</summary>
    public string? Source { get; init; }

    public string? SourceType { get; init; }

    public string? ParentRunId { get; init; }
}

/// <summary>A run that read a dataset, and what for.</summary>
internal sealed record DatasetReader
{
    public string RunId { get; init; } = "";

    public string Name { get; init; } = "";

    public string Digest { get; init; } = "";

    public string? Context { get; init; }

    public string? Sha256 { get; init; }
}
