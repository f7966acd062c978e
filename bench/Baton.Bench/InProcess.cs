using System.Diagnostics;
using Baton.Inference;

namespace Baton.Bench;

/// <summary>The limit: the same model on the same rows, called in this process, with nothing around it.</summary>
internal static class InProcess
{
    public static Measured Run(ModelSession session, IReadOnlyList<IReadOnlyList<Tensor>> rows, TimeSpan time, CancellationToken cancellation)
    {
        Call(session, rows, time / 5, cancellation);
        using var self = Process.GetCurrentProcess();
        var before = self.TotalProcessorTime;
        var watch = Stopwatch.StartNew();
        var micros = Call(session, rows, time, cancellation);
        var seconds = watch.Elapsed.TotalSeconds;
        self.Refresh();
        return Measured.Of(micros, seconds, self.TotalProcessorTime - before);
    }

    private static double[] Call(ModelSession session, IReadOnlyList<IReadOnlyList<Tensor>> rows, TimeSpan time, CancellationToken cancellation)
    {
        var micros = new List<double>(1_000_000);
        var watch = Stopwatch.StartNew();
        for (var asked = 0; watch.Elapsed < time; asked++)
        {
            cancellation.ThrowIfCancellationRequested();
            var began = Stopwatch.GetTimestamp();
            session.Run(rows[asked % rows.Count]);
            micros.Add(Stopwatch.GetElapsedTime(began).TotalMicroseconds);
        }

        return [.. micros];
    }
}
