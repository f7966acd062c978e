using System.Runtime.InteropServices;

namespace Baton.Inference.Execution;

/// <summary>What a load found.</summary>
/// <param name="LatenciesMicroseconds">From planned arrival to answer, in order of arrival.</param>
/// <param name="WarmUpCalls">Calls before the clock started.</param>
/// <param name="Workers">Threads that took requests.</param>
public sealed record BenchResult(IReadOnlyList<double> LatenciesMicroseconds, int WarmUpCalls, int Workers)
{
    private const string Column = "latency_us";

    internal Frame ToFrame() => new(
        new FrameHeader { Verb = "ok", WarmUpCalls = WarmUpCalls, Workers = Workers },
        [new FrameColumn(Column, "FP64", [LatenciesMicroseconds.Count], MemoryMarshal.AsBytes<double>(LatenciesMicroseconds.ToArray()).ToArray())]);

    internal static BenchResult? Of(Frame frame) => frame.Columns is [{ Name: Column, Datatype: "FP64" } column]
        ? new BenchResult(MemoryMarshal.Cast<byte, double>(column.Content.Span).ToArray(), frame.Header.WarmUpCalls ?? 0, frame.Header.Workers ?? 1)
        : null;
}
