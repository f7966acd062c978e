using System.Runtime.InteropServices;

namespace Baton.Inference.Execution;

/// <summary>What a load found.</summary>
/// <param name="LatenciesMicroseconds">From planned arrival (without one: from sending) to answer, in order of arrival; infinite for a request that failed.</param>
/// <param name="WarmUpCalls">Calls before the clock started.</param>
/// <param name="Workers">Streams that took requests.</param>
public sealed record BenchResult(IReadOnlyList<double> LatenciesMicroseconds, int WarmUpCalls, int Workers)
{
    private const string Latency = "latency_us";
    private const string Finished = "finished_us";
    private const string Service = "service_us";

    /// <summary>When each request that was sent had its answer, from the start of the load, in order of arrival.</summary>
    public IReadOnlyList<double> FinishedMicroseconds { get; init; } = [];

    /// <summary>From sending to answer of each request that was sent: what is left of its latency without the waiting in line.</summary>
    public IReadOnlyList<double> ServiceMicroseconds { get; init; } = [];

    /// <summary>Requests without a good answer.</summary>
    public int Errors { get; init; }

    /// <summary>What was wrong with the first of them; null where all were answered.</summary>
    public string? FirstError { get; init; }

    /// <summary>Length of the load, from its start to the last answer.</summary>
    public double Seconds { get; init; }

    /// <summary>CPU time that this process took for it, warm-up included; null where it is not known what did the work.</summary>
    public double? CpuSeconds { get; init; }

    internal Frame ToFrame() => new(
        new FrameHeader
        {
            Verb = "ok",
            WarmUpCalls = WarmUpCalls,
            Workers = Workers,
            Errors = Errors,
            Message = FirstError,
            Seconds = Seconds,
            CpuSeconds = CpuSeconds,
        },
        [Column(Latency, LatenciesMicroseconds), Column(Finished, FinishedMicroseconds), Column(Service, ServiceMicroseconds)]);

    internal static BenchResult? Of(Frame frame) =>
        frame.Columns is [{ Name: Latency, Datatype: "FP64" } latencies, { Name: Finished, Datatype: "FP64" } finished, { Name: Service, Datatype: "FP64" } service]
            ? new BenchResult(Numbers(latencies), frame.Header.WarmUpCalls ?? 0, frame.Header.Workers ?? 1)
            {
                FinishedMicroseconds = Numbers(finished),
                ServiceMicroseconds = Numbers(service),
                Errors = frame.Header.Errors ?? 0,
                FirstError = frame.Header.Message,
                Seconds = frame.Header.Seconds ?? 0,
                CpuSeconds = frame.Header.CpuSeconds,
            }
            : null;

    private static FrameColumn Column(string name, IReadOnlyList<double> values) =>
        new(name, "FP64", [values.Count], MemoryMarshal.AsBytes<double>(values.ToArray()).ToArray());

    private static double[] Numbers(FrameColumn column) => MemoryMarshal.Cast<byte, double>(column.Content.Span).ToArray();
}
