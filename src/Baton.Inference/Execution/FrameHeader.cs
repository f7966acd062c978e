namespace Baton.Inference.Execution;

/// <summary>The JSON head of a frame. A request names its <see cref="Verb"/>; an answer's verb is <c>ok</c> or <c>refused</c>.</summary>
internal sealed record FrameHeader
{
    /// <summary><c>load</c>, <c>predict</c>, <c>bench</c>, <c>memory</c>, <c>quit</c>; in an answer <c>ready</c>, <c>ok</c>, <c>refused</c>.</summary>
    public required string Verb { get; init; }

    /// <summary>Path of the model file to load.</summary>
    public string? Path { get; init; }

    /// <summary>Why the model or the runtime refused.</summary>
    public string? Message { get; init; }

    /// <summary>The load to put on the model.</summary>
    public BenchPlan? Bench { get; init; }

    /// <summary>Calls made before the clock started.</summary>
    public int? WarmUpCalls { get; init; }

    /// <summary>Threads that took requests.</summary>
    public int? Workers { get; init; }

    /// <summary>Memory of the process.</summary>
    public ProcessMemory? Memory { get; init; }

    /// <summary>What is known of the raw columns that follow, in their order. Written by the codec.</summary>
    public IReadOnlyList<FrameColumnHeader> Columns { get; init; } = [];
}

/// <summary>What a frame's header says of one column.</summary>
/// <param name="Name">Name of the tensor.</param>
/// <param name="Datatype">Open Inference Protocol datatype.</param>
/// <param name="Shape">Dimensions.</param>
/// <param name="Bytes">Length of its content.</param>
internal sealed record FrameColumnHeader(string Name, string Datatype, IReadOnlyList<long> Shape, long Bytes);

/// <summary>A load: requests that arrive at planned times, whether or not the model keeps up.</summary>
/// <param name="RequestsPerSecond">Mean arrival rate.</param>
/// <param name="RowsPerRequest">Rows in one request.</param>
/// <param name="Requests">How many requests.</param>
/// <param name="Seed">Seed of the arrival times.</param>
public sealed record BenchPlan(double RequestsPerSecond, int RowsPerRequest, int Requests, int Seed);

/// <summary>Resident memory of a process.</summary>
/// <param name="PeakBytes">The most it ever held (VmHWM).</param>
/// <param name="CurrentBytes">What it holds now.</param>
public sealed record ProcessMemory(long PeakBytes, long CurrentBytes);
