
namespace Baton.Inference.Execution;

/// <summary>
/// Puts a planned load on a model and measures each request from its planned arrival to its answer, so that waiting behind a slow one counts
/// (no coordinated omission). As many threads take requests as the machine has cores for this process, first come, first served.
/// </summary>
internal static class LoadGenerator
{
    private const int MostWorkers = 8;
    private const int LeastWarmUpCalls = 20;
    private const int DistinctRequests = 256;
    private static readonly TimeSpan WarmUpFor = TimeSpan.FromMilliseconds(300);

    // The timer of the system is late by up to a millisecond; the last stretch before an arrival is spun away.
    private static readonly TimeSpan Spun = TimeSpan.FromMilliseconds(1.5);

    /// <summary>Runs the load. Blocks for as long as it lasts.</summary>
    /// <param name="session">The model.</param>
    /// <param name="sample">Rows that requests are cut from, in turn.</param>
    /// <param name="plan">The load.</param>
    /// <param name="time">Monotonic clock.</param>
    /// <exception cref="ModelRunException">The model failed under load.</exception>
    public static BenchResult Run(ModelSession session, IReadOnlyList<Tensor> sample, BenchPlan plan, TimeProvider time)
    {
        if (sample.Count == 0 || sample[0].Rows == 0)
            throw new InvalidFrameException("bench needs at least one row.");
        if (plan.Requests is < 1 or > 1_000_000 || plan.RowsPerRequest < 1 || !(plan.RequestsPerSecond > 0))
            throw new InvalidFrameException("bench needs 1 to 1000000 requests of at least one row, at a rate above 0.");

        var distinct = Math.Min(Math.Min(plan.Requests, DistinctRequests), Math.Max(1, 1_000_000 / plan.RowsPerRequest));
        var requests = new IReadOnlyList<Tensor>[distinct];
        for (var i = 0; i < requests.Length; i++)
            requests[i] = [.. sample.Select(t => TensorColumns.Rows(t, (int)((long)i * plan.RowsPerRequest % t.Rows), plan.RowsPerRequest))];

        var warmUpCalls = WarmUp(session, requests, time);
        var arrivals = LoadPlan.PoissonArrivals(plan.RequestsPerSecond, plan.Requests, plan.Seed);
        var latencies = new double[plan.Requests];
        var workers = Math.Clamp(Environment.ProcessorCount, 1, MostWorkers);
        var next = -1;
        Exception? failure = null;
        var start = time.GetTimestamp();
        var threads = Enumerable.Range(0, workers).Select(_ => new Thread(Work) { IsBackground = true, Name = "bench" }).ToArray();
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();
        return failure switch
        {
            null => new BenchResult(latencies, warmUpCalls, workers),
            ModelInputException or ModelRunException => throw new ModelRunException($"The model failed under load: {failure.Message}", failure),
            _ => throw new InvalidOperationException("The load broke off.", failure),
        };

        void Work()
        {
            try
            {
                int i;
                while (Volatile.Read(ref failure) is null && (i = Interlocked.Increment(ref next)) < plan.Requests)
                {
                    WaitUntil(TimeSpan.FromMicroseconds(arrivals[i]));
                    session.Run(requests[i % requests.Length]);
                    latencies[i] = time.GetElapsedTime(start).TotalMicroseconds - arrivals[i];
                }
            }
            catch (Exception e)
            {
                Volatile.Write(ref failure, e);
            }
        }

        void WaitUntil(TimeSpan arrival)
        {
            while (arrival - time.GetElapsedTime(start) is var left && left > TimeSpan.Zero)
            {
                if (left > Spun)
                    Thread.Sleep(left - Spun);
                else
                    Thread.SpinWait(20);
            }
        }
    }

    private static int WarmUp(ModelSession session, IReadOnlyList<Tensor>[] requests, TimeProvider time)
    {
        var start = time.GetTimestamp();
        var calls = 0;
        while (calls < LeastWarmUpCalls || time.GetElapsedTime(start) < WarmUpFor)
            session.Run(requests[calls++ % requests.Length]);
        return calls;
    }
}
