using Baton.Contracts;
using Baton.Inference.Execution;
using Baton.Verification.Clauses;
using Baton.Verification.Hardware;
using Baton.Verification.Load;
using Xunit;

namespace Baton.UnitTests.Verification.Clauses;

public sealed class LoadCheckTests
{
    private const long Mebibyte = 1 << 20;
    private static readonly BenchPlan Plan = new(20, 1, 120, 1);
    private static readonly MachineNoise Quiet = new(Steal: 0, OtherLoad: 0.01, Pressure: 0, LoadPerCore: 0.1);
    private static readonly LatencyClause P95 = new() { Percentile = 95, Max = TimeSpan.FromMilliseconds(25) };

    [Fact]
    public void A_quick_model_passes_and_its_quantiles_can_be_drawn()
    {
        var result = LatencyCheck.Judge(P95, Load(200, slow: 1));

        Assert.Equal(Verdict.Pass, result.Verdict);
        Assert.Equal(("ms", 25d), (result.Unit, result.Bound!.Max));
        Assert.InRange(result.Measured!.Number!.Value, 2, 25);
        Assert.Equal(["p50", "p75", "p90", "p95", "p99"], result.Series[0].X);
        Assert.Equal(200, result.Series[1].Y.Sum());
        Assert.Equal(result.Measured.Number, result.Series[0].Y[3]);
    }

    [Fact]
    public void A_slow_model_fails() => Assert.Equal(Verdict.Fail, LatencyCheck.Judge(P95, Load(200, slow: 40)).Verdict);

    [Fact]
    public void A_model_near_the_bound_is_inconclusive_and_says_how_many_more_requests()
    {
        var result = LatencyCheck.Judge(P95, Load(200, slow: 9));

        Assert.Equal((Verdict.Inconclusive, "requests"), (result.Verdict, result.MoreNeeded!.Unit));
        Assert.True(result.MoreNeeded.Count > 0);
    }

    [Fact]
    public void Too_few_requests_are_inconclusive_by_construction()
    {
        var result = LatencyCheck.Judge(P95, Load(30, slow: 0));

        Assert.Equal((Verdict.Inconclusive, null), (result.Verdict, result.Interval));
        Assert.Equal(60, result.MoreNeeded!.Count); // 90 show p95 with 99 % confidence
    }

    [Theory]
    [InlineData(99, 100, Verdict.Inconclusive, 359)] // "a p99 from 100 requests"
    [InlineData(99, 458, Verdict.Inconclusive, 1)]
    [InlineData(99, 459, Verdict.Pass, null)]
    [InlineData(95, 89, Verdict.Inconclusive, 1)]
    [InlineData(95, 90, Verdict.Pass, null)]
    public void A_percentile_is_claimed_from_so_many_requests_without_a_miss(double percentile, int requests, Verdict verdict, int? more)
    {
        var result = LatencyCheck.Judge(P95 with { Percentile = percentile }, Load(requests, slow: 0));

        Assert.Equal((verdict, (long?)more), (result.Verdict, result.MoreNeeded?.Count));
    }

    [Fact]
    public void A_noisy_machine_never_fails_a_bound_and_a_pass_stays_a_pass()
    {
        var noise = new MachineNoise(Steal: 0.1, OtherLoad: 0.4, Pressure: 0.2, LoadPerCore: 1);
        var slow = LatencyCheck.Judge(P95, Load(200, slow: 200) with { Noise = noise });
        var quick = LatencyCheck.Judge(P95, Load(200, slow: 0) with { Noise = noise });

        Assert.Equal((Verdict.Inconclusive, Verdict.Pass), (slow.Verdict, quick.Verdict));
        Assert.Contains("10 % of the CPU time was stolen", slow.Reason, StringComparison.Ordinal);
        Assert.All([slow, quick], r => Assert.Contains(r.Facts, f => f.Label == "noisy" && f.Text.EndsWith("not exact", StringComparison.Ordinal)));
        Assert.DoesNotContain(LatencyCheck.Judge(P95, Load(200, slow: 200)).Facts, f => f.Label == "noisy");
    }

    [Fact]
    public void Blocks_that_differ_are_noise()
    {
        double[] latencies = [.. Enumerable.Range(0, 400).Select(i => i < 200 ? 30_000d : 60_000d)];
        var load = LoadFindings.Of(Plan, new BenchResult(latencies, 20, 2) { ServiceMicroseconds = latencies }, Quiet);

        Assert.Equal(8, load.BlockMedians.Count);
        Assert.True(load.IsNoisy);
        Assert.Equal(Verdict.Inconclusive, LatencyCheck.Judge(P95, load).Verdict);
    }

    [Fact]
    public void A_request_that_fails_is_slower_than_any_bound()
    {
        double[] latencies = [.. Enumerable.Range(0, 200).Select(i => i < 40 ? double.PositiveInfinity : 2_000d)];
        var result = LatencyCheck.Judge(P95, LoadFindings.Of(Plan, new BenchResult(latencies, 20, 2) { Errors = 40, FirstError = "no such row" }, Quiet));

        Assert.Equal((Verdict.Fail, null), (result.Verdict, result.Measured));
        Assert.Contains("no such row", result.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_percentile_is_drawn_too() =>
        Assert.Equal(["p50", "p75", "p90", "p95", "p97.5", "p99"], LatencyCheck.Judge(P95 with { Percentile = 97.5 }, Load(300, slow: 1)).Series[0].X);

    [Fact]
    public void A_second_look_is_taken_only_where_the_first_could_not_tell()
    {
        var bound = new LatencyBound(95, P95.Max);

        Assert.Equal(Plan, LatencyCheck.Plan(P95, seed: 1));
        Assert.Null(LatencyCheck.PlanAgain(Load(120, slow: 0), bound));
        Assert.Null(LatencyCheck.PlanAgain(Load(120, slow: 60), bound));
        var again = LatencyCheck.PlanAgain(Load(120, slow: 5), bound)!;
        Assert.InRange(again.Requests, 60, 240);
        Assert.NotEqual(1, again.Seed);
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

    // The slow ones come evenly, as a model's do; a neighbour's would come together.
    private static LoadFindings Load(int requests, int slow)
    {
        double[] latencies = [.. Enumerable.Range(0, requests).Select(i => ((long)i * slow / requests) != ((long)(i + 1) * slow / requests) ? 60_000d + i : 2_000d + i)];
        return LoadFindings.Of(Plan, new BenchResult(latencies, WarmUpCalls: 20, Workers: 2) { ServiceMicroseconds = latencies }, Quiet);
    }
}
