using Baton.Contracts;
using Baton.Inference.Execution;
using Baton.Verification.Clauses;
using Xunit;

namespace Baton.UnitTests.Verification.Clauses;

public sealed class LoadCheckTests
{
    private const long Mebibyte = 1 << 20;
    private static readonly LatencyClause P95 = new() { Percentile = 95, Max = TimeSpan.FromMilliseconds(25) };

    private static readonly Machine Quiet = new()
    {
        Cpu = "cpu",
        Cores = 2,
        MemoryBytes = 1,
        OperatingSystem = "os",
        Runtime = "r",
        LoadPerCore = 0.1,
    };

    [Fact]
    public void A_quick_model_passes_and_its_quantiles_can_be_drawn()
    {
        var result = LatencyCheck.Judge(P95, Bench(200, slow: 1), Quiet);

        Assert.Equal(Verdict.Pass, result.Verdict);
        Assert.Equal(("ms", 25d), (result.Unit, result.Bound!.Max));
        Assert.InRange(result.Measured!.Number!.Value, 2, 25);
        Assert.Equal(["p50", "p75", "p90", "p95", "p99"], result.Series[0].X);
        Assert.Equal(result.Measured.Number, result.Series[0].Y[3]);
    }

    [Fact]
    public void A_slow_model_fails() => Assert.Equal(Verdict.Fail, LatencyCheck.Judge(P95, Bench(200, slow: 40), Quiet).Verdict);

    [Fact]
    public void A_model_near_the_bound_is_inconclusive_and_says_how_many_more_requests()
    {
        var result = LatencyCheck.Judge(P95, Bench(200, slow: 9), Quiet);

        Assert.Equal((Verdict.Inconclusive, "requests"), (result.Verdict, result.MoreNeeded!.Unit));
        Assert.True(result.MoreNeeded.Count > 0);
    }

    [Fact]
    public void Too_few_requests_are_inconclusive_by_construction()
    {
        var result = LatencyCheck.Judge(P95, Bench(30, slow: 0), Quiet);

        Assert.Equal((Verdict.Inconclusive, null), (result.Verdict, result.Interval));
        Assert.Equal(60, result.MoreNeeded!.Count); // 90 show p95 with 99 % confidence
    }

    [Fact]
    public void A_busy_machine_is_said() =>
        Assert.Contains("busy", LatencyCheck.Judge(P95, Bench(200, slow: 40), Quiet with { LoadPerCore = 3 }).Reason, StringComparison.Ordinal);

    [Fact]
    public void Another_percentile_is_drawn_too() =>
        Assert.Equal(["p50", "p75", "p90", "p95", "p97.5", "p99"], LatencyCheck.Judge(P95 with { Percentile = 97.5 }, Bench(300, slow: 1), Quiet).Series[0].X);

    [Fact]
    public void A_second_look_is_taken_only_where_the_first_could_not_tell()
    {
        var plan = LatencyCheck.Plan(P95, seed: 1);

        Assert.Equal(new BenchPlan(20, 1, 120, 1), plan);
        Assert.Null(LatencyCheck.PlanAgain(P95, plan, Bench(120, slow: 0)));
        Assert.Null(LatencyCheck.PlanAgain(P95, plan, Bench(120, slow: 60)));
        var again = LatencyCheck.PlanAgain(P95, plan, Bench(120, slow: 5))!;
        Assert.InRange(again.Requests, 60, 240);
        Assert.NotEqual(plan.Seed, again.Seed);
    }

    [Theory]
    [InlineData(256, Verdict.Pass)]
    [InlineData(100, Verdict.Pass)]
    [InlineData(99, Verdict.Fail)]
    public void Memory_is_the_peak_above_the_empty_process(long allowed, Verdict expected)
    {
        var result = MemoryCheck.Judge(new MemoryClause(allowed * Mebibyte), new ProcessMemory(50 * Mebibyte, 50 * Mebibyte), new ProcessMemory(150 * Mebibyte, 120 * Mebibyte));

        Assert.Equal((expected, 100d, "MiB", EvidenceLevel.Measured), (result.Verdict, result.Measured!.Number, result.Unit, result.Evidence));
    }

    [Fact]
    public void A_process_stopped_for_its_memory_fails_a_bound_below_what_was_seen_and_tells_nothing_of_one_above()
    {
        var stopped = new ModelProcessFailure.OutOfMemory(1000 * Mebibyte, 1050 * Mebibyte);

        Assert.Equal(Verdict.Fail, MemoryCheck.Judge(new MemoryClause(256 * Mebibyte), new ProcessMemory(50 * Mebibyte, 1), stopped).Verdict);
        Assert.Equal(Verdict.NotRun, MemoryCheck.Judge(new MemoryClause(2000 * Mebibyte), new ProcessMemory(50 * Mebibyte, 1), stopped).Verdict);
    }

    private static BenchResult Bench(int requests, int slow) =>
        new([.. Enumerable.Range(0, requests).Select(i => i < slow ? 60_000d + i : 2_000d + i)], WarmUpCalls: 20, Workers: 2);
}
