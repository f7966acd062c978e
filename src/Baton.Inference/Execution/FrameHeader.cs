namespace Baton.Inference.Execution;

/// <summary>The JSON head of a frame. A request names its <see cref="Verb"/>; an answer's verb is <c>ok</c> or <c>refused</c>.</summary>
internal sealed record FrameHeader
{
    /// <summary>
    /// <c>load</c>, <c>predict</c>, <c>bench</c>, <c>memory</c>, <c>profile</c>, <c>quit</c>; in an answer <c>ready</c>, <c>ok</c>, <c>refused</c>, and any number of
    /// <c>progress</c> before one of them.
    /// </summary>
    public required string Verb { get; init; }

    /// <summary>Path of the model file to load or to profile.</summary>
    public string? Path { get; init; }

    /// <summary>Why the model or the runtime refused; name of the runtime when ready; what was wrong with the first request of a bench that failed.</summary>
    public string? Message { get; init; }

    /// <summary>The load to put on the model.</summary>
    public BenchPlan? Bench { get; init; }

    /// <summary>Calls made before the clock started.</summary>
    public int? WarmUpCalls { get; init; }

    /// <summary>Threads that took requests.</summary>
    public int? Workers { get; init; }

    /// <summary>Requests of the bench without a good answer.</summary>
    public int? Errors { get; init; }

    /// <summary>Length of the bench.</summary>
    public double? Seconds { get; init; }

    /// <summary>CPU time that the bench took.</summary>
    public double? CpuSeconds { get; init; }

    /// <summary>Requests of the bench that were sent so far.</summary>
    public int? Done { get; init; }

    /// <summary>What ran the model.</summary>
    public RuntimeFacts? Runtime { get; init; }

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

/// <summary>Resident memory of a process.</summary>
/// <param name="PeakBytes">The most it ever held (VmHWM).</param>
/// <param name="CurrentBytes">What it holds now.</param>
public sealed record ProcessMemory(long PeakBytes, long CurrentBytes);
