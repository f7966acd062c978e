namespace Baton.Serving.Log;

/// <summary>How predictions are kept on their way to the control plane.</summary>
public sealed record PredictionLogOptions
{
    /// <summary>Folder of the spool; it is this log's alone.</summary>
    public required string Folder { get; init; }

    /// <summary>Age at which rows are sealed into Parquet and sent. <value>5 seconds by default.</value></summary>
    public TimeSpan SealAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Number of rows at which they are sealed sooner. <value>50,000 by default.</value></summary>
    public int SealRows { get; init; } = 50_000;

    /// <summary>Size at which they are sealed sooner, bytes: sealing holds a segment in memory. <value>16 MiB by default.</value></summary>
    public long SealBytes { get; init; } = 16L << 20;

    /// <summary>Rows that may wait in memory to be written; beyond them rows are dropped. <value>200,000 by default.</value></summary>
    public int QueueRows { get; init; } = 200_000;

    /// <summary>Bytes of tensors that may wait in memory to be written; beyond them rows are dropped. <value>128 MiB by default.</value></summary>
    public long QueueBytes { get; init; } = 128L << 20;

    /// <summary>Bytes that may wait on disk to be sent; beyond them rows are dropped. <value>2 GiB by default.</value></summary>
    public long SpoolBytes { get; init; } = 2L << 30;

    /// <summary>How long the end of the node waits for what is still to be sent. <value>3 seconds by default; the rest goes out after the next start.</value></summary>
    public TimeSpan SendAtEndWithin { get; init; } = TimeSpan.FromSeconds(3);
}
