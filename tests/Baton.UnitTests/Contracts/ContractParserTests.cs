using Baton.Contracts;
using Xunit;

namespace Baton.UnitTests.Contracts;

public sealed class ContractParserTests
{
    [Fact]
    public void Reads_the_contract_of_the_flights()
    {
        var contract = ContractParser.ParseOrThrow(Checkout.Read("samples/flights/contract.yaml"));

        Assert.Equal("flight-delay", contract.Model);
        Assert.Equal("At departure, tell travellers whether their flight will arrive more than 15 minutes late.", contract.Purpose);
        Assert.Equal(new ContractOwners("data-science", "platform"), contract.Owners);
        Assert.Equal(new ReproducesClause { Within = 1e-4, MinShare = 0.995 }, contract.Reproduces);
        Assert.Equal(
            new MetricClause { Metric = "roc_auc", Min = 0.6, Confidence = 0.95, GroupBy = "date", AgainstProduction = new Bound(Min: -0.005) },
            Assert.Single(contract.Metrics));
        Assert.Equal(new LatencyClause { Percentile = 95, Max = TimeSpan.FromMilliseconds(100), RequestsPerSecond = 20 }, contract.Latency);
        Assert.Equal(new MemoryClause(256 << 20), contract.Memory);
    }

    [Fact]
    public void Fills_in_what_is_left_out()
    {
        var contract = Parse("model: m\nclauses:\n  reproduces: {}\n  metrics: {f1: {min: 0.5}}\n  latency: {p99.9: {max: 1 s}}\n");

        Assert.Equal(new ReproducesClause { Within = 1e-4, MinShare = 1 }, contract.Reproduces);
        Assert.Equal(new MetricClause { Metric = "f1", Min = 0.5, Confidence = 0.95 }, Assert.Single(contract.Metrics));
        Assert.Equal(new LatencyClause { Percentile = 99.9, Max = TimeSpan.FromSeconds(1), RequestsPerSecond = 20, RowsPerRequest = 1 }, contract.Latency);
        Assert.Null(contract.Memory);
        Assert.Null(contract.Owners);
    }

    [Fact]
    public void Keeps_metrics_in_the_order_of_the_file() =>
        Assert.Equal(
            ["recall", "accuracy", "f1"],
            Parse("model: m\nclauses: {metrics: {recall: {min: 0}, accuracy: {min: 0}, f1: {min: 0}}}").Metrics.Select(m => m.Metric));

    [Theory]
    [InlineData("99.5 %", 0.995)]
    [InlineData("99.5%", 0.995)]
    [InlineData("0.995", 0.995)]
    [InlineData("'99.5 %'", 0.995)]
    [InlineData("1", 1)]
    [InlineData("100 %", 1)]
    [InlineData("99.99 %", 0.9999)]
    public void Reads_percentages(string text, double share) =>
        Assert.Equal(share, Parse($"model: m\nclauses: {{reproduces: {{rows: {{min: {text}}}}}}}").Reproduces!.MinShare);

    [Theory]
    [InlineData("25 ms", 25_000)]
    [InlineData("25ms", 25_000)]
    [InlineData("1.5 s", 1_500_000)]
    [InlineData("800 us", 800)]
    [InlineData("800 µs", 800)]
    [InlineData("0.5 us", 0.5)]
    public void Reads_durations(string text, double microseconds) =>
        Assert.Equal(TimeSpan.FromMicroseconds(microseconds), Parse($"model: m\nclauses: {{latency: {{p50: {{max: {text}}}}}}}").Latency!.Max);

    [Theory]
    [InlineData("256 MiB", 268_435_456)]
    [InlineData("1 GB", 1_000_000_000)]
    [InlineData("1.5 GiB", 1_610_612_736)]
    [InlineData("64 kB", 64_000)]
    [InlineData("12 B", 12)]
    public void Reads_sizes(string text, long bytes) =>
        Assert.Equal(bytes, Parse($"model: m\nclauses: {{memory: {{peak: {{max: {text}}}}}}}").Memory!.MaxBytes);

    [Theory]
    [InlineData("20 requests/s", 20)]
    [InlineData("0.5 requests/s", 0.5)]
    [InlineData("20/s", 20)]
    public void Reads_rates(string text, double rate) =>
        Assert.Equal(rate, Parse($"model: m\nclauses: {{latency: {{p50: {{max: 1 s}}, load: {text}}}}}").Latency!.RequestsPerSecond);

    [Fact]
    public void Throws_every_problem_where_asked_to_throw()
    {
        var e = Assert.Throws<ContractException>(() => ContractParser.ParseOrThrow("modle: m\nclauses: {memory: {peak: {mox: 1 GB}}}"));

        Assert.Equal(["modle", "clauses.memory.peak.mox"], e.Problems.Select(p => p.Path));
        Assert.Contains("line 1, column 1: unknown field 'modle' in the contract; did you mean 'model'?", e.Message, StringComparison.Ordinal);
    }

    private static Contract Parse(string yaml) => ContractParser.ParseOrThrow(yaml);
}
