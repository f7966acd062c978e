namespace Baton.Storage.Query;

/// <summary>What queries may use.</summary>
public sealed record QueryLimits
{
    /// <summary>Memory of one query, bytes; beyond it spills to disk. <value>512 MiB by default.</value></summary>
    public long MemoryBytes { get; init; } = 512L << 20;

    /// <summary>Disk that one query may spill to, bytes. <value>8 GiB by default.</value></summary>
    public long SpillBytes { get; init; } = 8L << 30;

    /// <summary>Threads of one query. <value>2 by default.</value></summary>
    public int Threads { get; init; } = 2;

    /// <summary>Queries at one time; further ones wait. <value>2 by default.</value></summary>
    public int Concurrent { get; init; } = 2;
}
