using System.Diagnostics;

namespace Baton.Bench;

/// <summary>Sends requests over a number of connections at once, each as fast as it is answered, and tells what one cost.</summary>
internal static class TrackingLoad
{
    /// <summary>Warms up for half of the time (code is compiled, and compiled better, while it runs), then measures.</summary>
    public static (double PerSecond, double Wall, double ServerCpu, double DatabaseCpu, long Requests) Run(
        TrackingServer server, IReadOnlyList<TrackingBody> clients, TimeSpan time, CancellationToken cancellation)
    {
        var wires = clients.Select(_ => new TrackingWire(server.Address)).ToList();
        try
        {
            Send(wires, clients, time / 2, cancellation);
            var before = server.Cpu;
            var watch = Stopwatch.StartNew();
            var times = Send(wires, clients, time, cancellation);
            var (seconds, after) = (watch.Elapsed.TotalSeconds, server.Cpu);
            times.Sort();
            return (times.Count / seconds, times[times.Count / 2], (after.Server - before.Server).TotalMilliseconds / times.Count, (after.Database - before.Database).TotalMilliseconds / times.Count, times.Count);
        }
        finally
        {
            wires.ForEach(w => w.Dispose());
        }
    }

    /// <summary>Does a piece of work once for each number, on a few connections.</summary>
    public static void Fill(TrackingServer server, int count, int connections, Action<TrackingWire, int> work, CancellationToken cancellation)
    {
        var next = -1;
        Parallel(connections, _ =>
        {
            using var wire = new TrackingWire(server.Address);
            for (int at; (at = Interlocked.Increment(ref next)) < count && !cancellation.IsCancellationRequested;)
                work(wire, at);
        });
        cancellation.ThrowIfCancellationRequested();
    }

    private static List<double> Send(List<TrackingWire> wires, IReadOnlyList<TrackingBody> clients, TimeSpan time, CancellationToken cancellation)
    {
        var until = Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency);
        var times = wires.Select(_ => new List<double>(50_000)).ToList();
        Parallel(wires.Count, at =>
        {
            do
            {
                var request = clients[at].Next();
                var began = Stopwatch.GetTimestamp();
                wires[at].Ask(request);
                times[at].Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }
            while (Stopwatch.GetTimestamp() < until && !cancellation.IsCancellationRequested);
        });
        cancellation.ThrowIfCancellationRequested();
        return [.. times.SelectMany(t => t)];
    }

    private static void Parallel(int count, Action<int> work)
    {
        var faults = new Exception?[count];
        var threads = Enumerable.Range(0, count).Select(at => new Thread(() =>
        {
            try
            {
                work(at);
            }
            catch (Exception e)
            {
                faults[at] = e;
            }
        })).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
        if (faults.FirstOrDefault(f => f is not null) is { } fault)
            throw fault as BenchException ?? new BenchException($"A connection failed: {fault.Message}", fault);
    }
}
