namespace Baton.Inference.Execution;

/// <summary>
/// Puts a planned load on anything that answers. Arrivals are fixed before the load begins and a latency counts from the planned arrival, so that
/// waiting behind a slow request counts (no coordinated omission). Streams take requests first come, first served; each is a thread with one
/// request under way. A request that fails has an infinite latency, as has one that arrived and could not be sent in time: none is dropped.
/// </summary>
public sealed class LoadGenerator
{
    private const int LeastWarmUpCalls = 20;
    private static readonly TimeSpan WarmUpFor = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan LongestWarmUp = TimeSpan.FromSeconds(5);

    // The timer of the system is late by up to a millisecond; the last stretch before an arrival is spun away.
    private static readonly TimeSpan Spun = TimeSpan.FromMilliseconds(1.5);
    private static readonly TimeSpan LongestSleep = TimeSpan.FromMilliseconds(100);

    private readonly BenchPlan _plan;
    private readonly Func<int, string?> _send;
    private readonly TimeProvider _time;
    private readonly Action<TimeSpan> _pause;
    private readonly Action<int>? _progress;
    private readonly CancellationToken _cancellation;
    private readonly Lock _gate = new();
    private readonly double[]? _arrivals;
    private readonly double[] _latencies;
    private readonly double[] _finished;
    private readonly double[] _service;
    private long _start;
    private int _next;
    private int _errors;
    private string? _firstError;
    private Exception? _broken;

    private LoadGenerator(
        BenchPlan plan, Func<int, string?> send, TimeProvider time, Action<TimeSpan> pause, Action<int>? progress, CancellationToken cancellation)
    {
        (_plan, _send, _time, _pause, _progress, _cancellation) = (plan, send, time, pause, progress, cancellation);
        _arrivals = plan.Scenario == LoadScenario.Server ? LoadPlan.PoissonArrivals(plan.RequestsPerSecond, plan.Requests, plan.Seed) : null;
        _latencies = new double[plan.Requests];
        _finished = new double[plan.Requests];
        _service = new double[plan.Requests];
    }

    /// <summary>Runs the load. Blocks for as long as it lasts.</summary>
    /// <param name="plan">The load.</param>
    /// <param name="streams">Requests that may be under way at once; one in the scenarios of a stream.</param>
    /// <param name="send">Sends the request of a number and waits for its answer; null where that was good, else what was wrong. Called from several threads.</param>
    /// <param name="time">Monotonic clock.</param>
    /// <param name="progress">Told how many were sent.</param>
    /// <param name="cancellation">Stops the load between two requests.</param>
    /// <exception cref="ModelRunException">Not one request of the warm-up was answered; the message is the first one's.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static BenchResult Run(
        BenchPlan plan, int streams, Func<int, string?> send, TimeProvider time, Action<int>? progress = null, CancellationToken cancellation = default) =>
        Run(plan, streams, send, time, Pause, progress, cancellation);

    // The same with a way to let some or all of a time go by on the clock.
    internal static BenchResult Run(
        BenchPlan plan, int streams, Func<int, string?> send, TimeProvider time, Action<TimeSpan> pause, Action<int>? progress, CancellationToken cancellation)
    {
        var warmUpCalls = WarmUp(send, time, cancellation);
        var load = new LoadGenerator(plan, send, time, pause, progress, cancellation);
        return load.Run(plan.Scenario is LoadScenario.SingleStream or LoadScenario.MultiStream ? 1 : streams) with { WarmUpCalls = warmUpCalls };
    }

    private static int WarmUp(Func<int, string?> send, TimeProvider time, CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        var (calls, answered, error) = (0, 0, (string?)null);
        while (true)
        {
            var elapsed = time.GetElapsedTime(start);
            if (calls > 0 && (calls >= LeastWarmUpCalls ? elapsed >= WarmUpFor : elapsed >= LongestWarmUp))
                break;
            cancellation.ThrowIfCancellationRequested();
            if (send(calls++) is { } wrong)
                error ??= wrong;
            else
                answered++;
        }

        return answered > 0 ? calls : throw new ModelRunException(error!);
    }

    private BenchResult Run(int streams)
    {
        _start = _time.GetTimestamp();
        var threads = Enumerable.Range(0, Math.Min(streams, _plan.Requests)).Select(_ => new Thread(Work) { IsBackground = true, Name = "bench" }).ToArray();
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();
        if (_broken is not null)
            throw new InvalidOperationException("The load broke off.", _broken);
        _cancellation.ThrowIfCancellationRequested();

        var sent = _next;
        var seconds = sent == 0 ? 0 : _finished.AsSpan(0, sent).ToArray().Max() / 1e6;
        while (_arrivals is not null && _next < _plan.Requests && _arrivals[_next] <= _plan.Longest.TotalMicroseconds)
        {
            _latencies[_next++] = double.PositiveInfinity;
            _errors++;
            _firstError ??= "it arrived and could not be sent in time, because those before it were not answered";
        }

        return new BenchResult(_latencies[.._next], 0, threads.Length)
        {
            FinishedMicroseconds = _finished[..sent],
            ServiceMicroseconds = _service[..sent],
            Errors = _errors,
            FirstError = _firstError,
            Seconds = seconds,
        };
    }

    private void Work()
    {
        try
        {
            while (TryTake(out var request, out var arrival))
            {
                var sent = Now;
                var error = _send(request);
                var now = Now;
                (_finished[request], _service[request]) = (now, now - sent);
                _latencies[request] = error is null ? now - arrival : double.PositiveInfinity;
                if (error is not null)
                {
                    lock (_gate)
                    {
                        _errors++;
                        _firstError ??= error;
                    }
                }
            }
        }
        catch (Exception e)
        {
            Volatile.Write(ref _broken, e);
        }
    }

    private double Now => _time.GetElapsedTime(_start).TotalMicroseconds;

    /// <summary>The next request, once it has arrived. Only one stream waits for an arrival: the others wait for it.</summary>
    private bool TryTake(out int request, out double arrival)
    {
        lock (_gate)
        {
            request = _next;
            arrival = 0;
            if (request == _plan.Requests || _cancellation.IsCancellationRequested || Volatile.Read(ref _broken) is not null)
                return false;
            if (_arrivals is not null && !WaitUntil(TimeSpan.FromMicroseconds(_arrivals[request])))
                return false;
            var now = _time.GetElapsedTime(_start);
            if (now > _plan.Longest)
                return false;
            arrival = _arrivals?[request] ?? now.TotalMicroseconds;
            _next++;
            _progress?.Invoke(_next);
            return true;
        }
    }

    private bool WaitUntil(TimeSpan arrival)
    {
        while (arrival - _time.GetElapsedTime(_start) is var left && left > TimeSpan.Zero)
        {
            if (arrival > _plan.Longest || _cancellation.IsCancellationRequested)
                return false;
            _pause(left);
        }

        return true;
    }

    private static void Pause(TimeSpan left)
    {
        if (left > Spun)
            Thread.Sleep(left - Spun < LongestSleep ? left - Spun : LongestSleep);
        else
            Thread.SpinWait(20);
    }
}
