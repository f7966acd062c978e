using System.Collections.Concurrent;
using Baton.Inference;
using Baton.Inference.Execution;
using Xunit;

namespace Baton.UnitTests.Inference.Execution;

/// <summary>The load engine against a target whose clock the test holds: a call takes the time that the test says, and waiting takes none.</summary>
public sealed class LoadGeneratorTests
{
    private static readonly BenchPlan Server = new(RequestsPerSecond: 100, RowsPerRequest: 1, Requests: 500, Seed: 3);

    [Fact]
    public void Waiting_behind_a_slow_request_counts_from_the_planned_arrival()
    {
        var clock = new SteppedClock();
        var arrivals = LoadPlan.PoissonArrivals(100, 500, 3);
        var sends = 0;
        var result = LoadGenerator.Run(Server, streams: 1, i =>
        {
            // The tenth request of the load hangs for a second: those behind it arrive all the same.
            clock.Advance(TimeSpan.FromMilliseconds(sends++ > 20 && i == 10 ? 1000 : 1));
            return null;
        }, clock, clock.Advance, null, default);

        Assert.Equal(500, result.LatenciesMicroseconds.Count);
        var after = Enumerable.Range(11, 40).Where(i => arrivals[i] < arrivals[10] + 900_000).ToList();
        Assert.True(after.Count > 30);
        Assert.All(after, i => Assert.True(result.LatenciesMicroseconds[i] > 50_000, $"request {i}: {result.LatenciesMicroseconds[i]}"));
        Assert.Equal(1_000_000, result.LatenciesMicroseconds[10], 2_000.0);
    }

    [Fact]
    public void One_after_the_other_counts_from_the_sending()
    {
        var clock = new SteppedClock();
        var result = LoadGenerator.Run(Server with { Scenario = LoadScenario.SingleStream, Requests = 50 }, streams: 8, _ =>
        {
            clock.Advance(TimeSpan.FromMilliseconds(5));
            return null;
        }, clock, clock.Advance, null, default);

        Assert.Equal(1, result.Workers);
        Assert.All(result.LatenciesMicroseconds, l => Assert.Equal(5000, l, 100.0));
        Assert.Equal(0.25, result.Seconds, 0.001);
    }

    [Fact]
    public void A_failed_request_is_counted_and_never_dropped()
    {
        var clock = new SteppedClock();
        var result = LoadGenerator.Run(Server with { Requests = 100 }, 1, i =>
        {
            clock.Advance(TimeSpan.FromMilliseconds(1));
            return i % 10 == 3 ? $"row {i} is broken" : null;
        }, clock, clock.Advance, null, default);

        Assert.Equal((100, 10, "row 3 is broken"), (result.LatenciesMicroseconds.Count, result.Errors, result.FirstError));
        Assert.All(Enumerable.Range(0, 100), i => Assert.Equal(i % 10 == 3, double.IsInfinity(result.LatenciesMicroseconds[i])));
    }

    [Fact]
    public void Requests_that_arrived_and_could_not_be_sent_in_time_are_counted_as_failed()
    {
        var clock = new SteppedClock();
        var result = LoadGenerator.Run(Server with { LongestSeconds = 2 }, 1, _ =>
        {
            clock.Advance(TimeSpan.FromMilliseconds(100)); // a tenth of the rate that arrives
            return null;
        }, clock, clock.Advance, null, default);

        var arrived = LoadPlan.PoissonArrivals(100, 500, 3).Count(a => a <= 2_000_000);
        Assert.Equal(arrived, result.LatenciesMicroseconds.Count);
        Assert.InRange(result.Errors, arrived - 25, arrived - 15);
        Assert.Contains("could not be sent in time", result.FirstError!, StringComparison.Ordinal);
    }

    [Fact]
    public void Everything_at_once_keeps_all_streams_busy()
    {
        using var together = new Barrier(4);
        var threads = new ConcurrentDictionary<int, bool>();
        var warm = 0;
        var result = LoadGenerator.Run(new BenchPlan(1, 1, 400, 1) { Scenario = LoadScenario.Offline }, 4, i =>
        {
            if (Interlocked.Increment(ref warm) > 0 && Thread.CurrentThread.Name == "bench" && i < 4)
                Assert.True(together.SignalAndWait(TimeSpan.FromSeconds(30)));
            threads[Environment.CurrentManagedThreadId] = true;
            return null;
        }, TimeProvider.System);

        Assert.Equal((4, 400, 400), (result.Workers, result.LatenciesMicroseconds.Count, result.FinishedMicroseconds.Count));
        Assert.True(threads.Count >= 4);
    }

    [Fact]
    public void A_target_that_answers_nothing_is_told_at_once()
    {
        var clock = new SteppedClock();
        var failure = Assert.Throws<ModelRunException>(() => LoadGenerator.Run(Server, 1, _ =>
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            return "connection refused";
        }, clock, clock.Advance, null, default));

        Assert.Equal("connection refused", failure.Message);
    }

    [Fact]
    public void A_load_can_be_stopped()
    {
        using var stop = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => LoadGenerator.Run(Server with { Requests = 1_000_000, Scenario = LoadScenario.Offline }, 2, i =>
        {
            if (i == 50)
                stop.Cancel();
            return null;
        }, TimeProvider.System, null, stop.Token));
    }

    /// <summary>A clock that goes on by a little at each look, and by as much as it is told.</summary>
    private sealed class SteppedClock : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Interlocked.Add(ref _ticks, 20);

        public void Advance(TimeSpan time) => Interlocked.Add(ref _ticks, time.Ticks);
    }
}
