namespace Baton.Inference.Execution;

/// <summary>A load on a model in this process: as many streams as it has cores.</summary>
internal static class SessionLoad
{
    private const int MostStreams = 8;
    private const int DistinctRequests = 256;

    /// <summary>Runs the load. Blocks for as long as it lasts.</summary>
    /// <param name="session">The model.</param>
    /// <param name="sample">Rows that requests are cut from, in turn.</param>
    /// <param name="plan">The load.</param>
    /// <param name="time">Monotonic clock.</param>
    /// <param name="progress">Told how many requests were sent.</param>
    /// <exception cref="ModelRunException">The model answered no request.</exception>
    public static BenchResult Run(ModelSession session, IReadOnlyList<Tensor> sample, BenchPlan plan, TimeProvider time, Action<int> progress)
    {
        if (sample.Count == 0 || sample[0].Rows == 0)
            throw new InvalidFrameException("bench needs at least one row.");
        if (plan.Requests is < 1 or > 1_000_000 || plan.RowsPerRequest < 1 || !(plan.RequestsPerSecond > 0))
            throw new InvalidFrameException("bench needs 1 to 1000000 requests of at least one row, at a rate above 0.");

        var requests = Requests(session, sample, plan);
        var used = Environment.CpuUsage.TotalTime;
        try
        {
            var result = LoadGenerator.Run(plan, Math.Clamp(Environment.ProcessorCount, 1, MostStreams), Send, time, progress);
            return result with { CpuSeconds = (Environment.CpuUsage.TotalTime - used).TotalSeconds };
        }
        catch (ModelRunException e)
        {
            throw new ModelRunException($"The model failed under load: {e.Message}", e);
        }

        string? Send(int request)
        {
            try
            {
                foreach (var call in requests[request % requests.Length])
                    session.Run(call);
                return null;
            }
            catch (Exception e) when (e is ModelInputException or ModelRunException)
            {
                return e.Message;
            }
        }
    }

    /// <summary>Distinct requests, used in turn; each is one call, or one a row where the model takes only one.</summary>
    private static Tensor[][][] Requests(ModelSession session, IReadOnlyList<Tensor> sample, BenchPlan plan)
    {
        var rows = plan.RowsSent;
        var (calls, rowsPerCall) = session.Inputs.Any(i => i.Shape is [1, ..]) ? (rows, 1) : (1, rows);
        var distinct = Math.Min(Math.Min(plan.Requests, DistinctRequests), Math.Max(1, 1_000_000 / rows));
        return
        [
            .. Enumerable.Range(0, distinct).Select(request => Enumerable.Range(0, calls)
                .Select(call => sample.Select(t => TensorColumns.Rows(t, (int)((((long)request * rows) + (call * rowsPerCall)) % t.Rows), rowsPerCall)).ToArray())
                .ToArray()),
        ];
    }
}
