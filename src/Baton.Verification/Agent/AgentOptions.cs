namespace Baton.Verification.Agent;

/// <summary>How an agent works.</summary>
public sealed record AgentOptions
{
    /// <summary>Name of the agent, for people.</summary>
    public required string Name { get; init; }

    /// <summary>Folder of the agent alone: jobs under way and a cache of downloaded files.</summary>
    public required string WorkDirectory { get; init; }

    /// <summary>The executable that runs a job: <c>baton</c> itself, or what runs it.</summary>
    public required string FileName { get; init; }

    /// <summary>Its arguments, ending in the hidden verb <c>verify-job</c>; the job's folder is appended.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>Whether the contracts' own commands (<c>checks</c>) may run on this machine. <value>no.</value></summary>
    public bool RunsCommands { get; init; }

    /// <summary>Time for one job after its files are here. <value>10 minutes by default.</value></summary>
    public TimeSpan JobTimeLimit { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Resident memory above which the verifying process is killed; model processes have a limit of their own. <value>4 GiB by default.</value></summary>
    public long MemoryLimitBytes { get; init; } = 4L << 30;

    /// <summary>Size that the cache of downloaded files is kept under. <value>4 GiB by default.</value></summary>
    public long CacheBytes { get; init; } = 4L << 30;

    /// <summary>How long the server may hold a question for work. <value>20 s by default.</value></summary>
    public TimeSpan Wait { get; init; } = TimeSpan.FromSeconds(20);
}
