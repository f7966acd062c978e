namespace Baton.Inference.Execution;

/// <summary>How to start a model process, and what it may use.</summary>
public sealed record ModelProcessOptions
{
    /// <summary>The executable: <c>baton</c> itself, or what runs it.</summary>
    public required string FileName { get; init; }

    /// <summary>Its arguments, ending in the hidden verb: <c>model-process</c>.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>Resident memory above which the process is killed. <value>4 GiB by default.</value></summary>
    public long MemoryLimitBytes { get; init; } = 4L << 30;

    /// <summary>Time to start, and again to load a model. <value>60 s by default.</value></summary>
    public TimeSpan LoadTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Time for one call; a bench has its planned length on top. <value>60 s by default.</value></summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(60);
}
