using Baton.Contracts;
using Baton.Verification;
using Xunit;

namespace Baton.UnitTests.Verification;

/// <summary>Clauses on named machines, measured on this one with a real model in real processes.</summary>
public sealed class HardwareClauseTests
{
    [Fact]
    public async Task Each_bound_is_a_result_of_its_own_under_the_name_that_the_contract_gives_it()
    {
        var evidence = await VerifyAsync("""
              web:
                on: {provider: cpu}
                load: 300 requests/s
                p95: {max: 10 s}
                throughput: {min: 1 rows/s}
                memory: {max: 4 GiB}
                gpu_memory: {max: 1 GiB}
                cold_start: {max: 10 min}
                errors: {max: 5 %}
                batch: {rows: 1000000, within: 1 d}
                first_token: {p95: {max: 1 s}}
            """);

        Assert.Equal(
            [("p95", Verdict.Pass), ("throughput", Verdict.Pass), ("memory", Verdict.Pass), ("gpu_memory", Verdict.NotRun), ("cold_start", Verdict.Pass), ("errors", Verdict.Pass), ("batch", Verdict.Pass), ("first_token.p95", Verdict.NotRun)],
            Hardware(evidence).Select(c => (c.Name["hardware.web.".Length..], c.Verdict)));
        Assert.All(Hardware(evidence).Where(c => c.Verdict == Verdict.Pass && !c.Name.EndsWith("memory", StringComparison.Ordinal)), c => Assert.NotNull(c.Interval));
        Assert.Equal("p95 at most 10 s at 300 requests/s, on provider cpu", evidence.Clause("hardware.web.p95").Demanded);
        Assert.Contains("extrapolated from", evidence.Clause("hardware.web.batch").Reason, StringComparison.Ordinal);
        Assert.Contains("execution provider cpu", evidence.Clause("hardware.web.gpu_memory").Reason, StringComparison.Ordinal);
        Assert.Equal("cpu", evidence.Machine.Provider);
        Assert.Contains("CPUExecutionProvider", evidence.Machine.RuntimeBuild, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_measurement_on_another_machine_or_provider_counts_for_nothing()
    {
        var evidence = await VerifyAsync("""
              gpu:
                on: {provider: cuda}
                p95: {max: 10 s}
              other:
                on: {cpu: "PDP-11*"}
                scenario: single_stream
                p95: {max: 10 s}
                memory: {max: 1 GiB}
            """);

        Assert.Equal([Verdict.NotRun, Verdict.NotRun, Verdict.NotRun], Hardware(evidence).Select(c => c.Verdict));
        Assert.Contains("expected execution provider cuda, and the model ran on cpu", evidence.Clause("hardware.gpu.p95").Reason, StringComparison.Ordinal);
        Assert.Contains("expected CPU PDP-11*, found ", evidence.Clause("hardware.other.memory").Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("single_stream")]
    [InlineData("multi_stream")]
    [InlineData("offline")]
    public async Task The_scenarios_of_a_stream_give_latencies_and_throughput(string scenario)
    {
        var evidence = await VerifyAsync($"""
              box:
                scenario: {scenario}
                p90: {"{max: 10 s}"}
                throughput: {"{min: 1 rows/s}"}
            """);

        Assert.Equal([Verdict.Pass, Verdict.Pass], Hardware(evidence).Select(c => c.Verdict));
        Assert.Contains(evidence.Clause("hardware.box.p90").Facts, f => f.Label == "rows a request" && f.Text == (scenario == "multi_stream" ? "8" : "1"));
    }

    [Fact]
    public async Task An_impossible_bound_is_never_passed()
    {
        var evidence = await VerifyAsync("""
              box:
                load: 200 requests/s
                p95: {max: 0.1 us}
                throughput: {min: 1000000000 rows/s}
                batch: {rows: 1000000000000, within: 1 s}
                memory: {max: 1 kB}
            """);

        Assert.Equal(Verdict.Fail, evidence.Clause("hardware.box.memory").Verdict);
        Assert.All(Hardware(evidence).Where(c => c.Name != "hardware.box.memory"), c => Assert.Equal(
            c.Facts.Any(f => f.Label == "noisy") ? Verdict.Inconclusive : Verdict.Fail, c.Verdict));
    }

    private static IEnumerable<ClauseResult> Hardware(Evidence evidence) => evidence.Clauses.Where(c => c.Name.StartsWith("hardware.", StringComparison.Ordinal));

    private static async Task<Evidence> VerifyAsync(string hardware)
    {
        var contract = ContractParser.ParseOrThrow($"model: flight-delay\nclauses:\n  hardware:\n{string.Join('\n', hardware.Split('\n').Select(l => "  " + l))}\n");
        var evidence = await Verifier.VerifyAsync(FlightsSample.Input("champion") with { Contract = contract }, null, default);
        Assert.Equal(contract.ClauseNames, Hardware(evidence).Select(c => c.Name));
        return evidence;
    }
}
