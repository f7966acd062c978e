using System.Diagnostics;
using System.Net;

namespace Baton.Bench;

/// <summary>What one measurement found.</summary>
/// <param name="Requests">Answered.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="P50">Median time of a request, µs.</param>
/// <param name="P99">99th percentile, µs.</param>
/// <param name="CpuMicros">Processor time of the process that answers, µs a request.</param>
internal sealed record Measured(long Requests, double Seconds, double P50, double P99, double CpuMicros)
{
    public double PerSecond => Requests / Seconds;

    public static Measured Of(double[] micros, double seconds, TimeSpan cpu)
    {
        Array.Sort(micros);
        return new Measured(micros.Length, seconds, micros[(micros.Length - 1) / 2], micros[(int)((micros.Length - 1) * 0.99)], cpu.TotalMicroseconds / micros.Length);
    }
}

/// <summary>Asks over a number of connections at once, each as fast as it is answered.</summary>
internal static class Load
{
    private const int MostRequests = 5_000_000;

    /// <summary>Warms up for a fifth of the time, then measures.</summary>
    public static Measured Run(IPEndPoint server, IReadOnlyList<byte[]> requests, int connections, TimeSpan time, Func<TimeSpan> cpu, CancellationToken cancellation)
    {
        var open = Enumerable.Range(0, connections).Select(_ => new Connection(server)).ToList();
        try
        {
            Ask(open, requests, time / 5, cancellation);
            var before = cpu();
            var watch = Stopwatch.StartNew();
            var micros = Ask(open, requests, time, cancellation);
            return Measured.Of(micros, watch.Elapsed.TotalSeconds, cpu() - before);
        }
        finally
        {
            open.ForEach(c => c.Dispose());
        }
    }

    private static double[] Ask(List<Connection> open, IReadOnlyList<byte[]> requests, TimeSpan time, CancellationToken cancellation)
    {
        var until = Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency);
        var most = MostRequests / open.Count;
        var times = new List<double>[open.Count];
        var faults = new Exception?[open.Count];
        var threads = open.Select((connection, at) => new Thread(() =>
        {
            times[at] = new List<double>(100_000);
            try
            {
                for (var asked = 0; asked < most && Stopwatch.GetTimestamp() < until && !cancellation.IsCancellationRequested; asked++)
                {
                    var began = Stopwatch.GetTimestamp();
                    connection.Ask(requests[((at * 31) + asked) % requests.Count]);
                    times[at].Add(Stopwatch.GetElapsedTime(began).TotalMicroseconds);
                }
            }
            catch (Exception e)
            {
                faults[at] = e;
            }
        })).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
        cancellation.ThrowIfCancellationRequested();
        if (faults.FirstOrDefault(f => f is not null) is { } fault)
            throw fault as BenchException ?? new BenchException($"A connection failed: {fault.Message}", fault);
        return [.. times.SelectMany(t => t)];
    }
}
