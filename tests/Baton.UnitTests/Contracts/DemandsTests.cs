using Baton.Contracts;
using Xunit;

namespace Baton.UnitTests.Contracts;

public sealed class DemandsTests
{
    [Fact]
    public void The_clauses_of_the_flights_read_like_this()
    {
        var contract = ContractParser.ParseOrThrow(Checkout.Read("samples/flights/contract.yaml"));

        Assert.Equal("at least 99.5 % of rows within 0.0001", Demands.Of(contract.Reproduces!));
        Assert.Equal("at least 0.60 (95 % interval by date); not more than 0.005 below production", Demands.Of(contract.Metrics[0]));
        Assert.Equal("p95 at most 100 ms at 20 requests/s", Demands.Of(contract.Latency!));
        Assert.Equal("peak at most 256 MiB", Demands.Of(contract.Memory!));
    }

    [Theory]
    [InlineData("{min: 0.6, max: 0.9}", "at least 0.60 and at most 0.90 (95 % interval by row)")]
    [InlineData("{max: 0.25, confidence: 99 %}", "at most 0.25 (99 % interval by row)")]
    [InlineData("{against_production: {min: 0}}", "not below production (95 % interval by row)")]
    [InlineData("{against_production: {min: 0.01}}", "at least 0.01 above production (95 % interval by row)")]
    [InlineData("{against_production: {max: 0}}", "not above production (95 % interval by row)")]
    [InlineData("{against_production: {max: 0.02}}", "not more than 0.02 above production (95 % interval by row)")]
    [InlineData("{against_production: {max: -0.02}}", "at least 0.02 below production (95 % interval by row)")]
    [InlineData("{against_production: {min: -0.1, max: 0.1}}", "not more than 0.10 below production and not more than 0.10 above production (95 % interval by row)")]
    public void A_metric_reads_like_this(string clause, string phrase) =>
        Assert.Equal(phrase, Demands.Of(ContractParser.ParseOrThrow($"model: m\nclauses: {{metrics: {{f1: {clause}}}}}").Metrics[0]));

    [Fact]
    public void All_rows_and_many_rows_in_a_request_read_like_this()
    {
        Assert.Equal("all rows within 0.00001", Demands.Of(new ReproducesClause { Within = 1e-5 }));
        Assert.Equal("p99.9 at most 1.5 s at 0.50 requests/s of 8 rows",
            Demands.Of(new LatencyClause { Percentile = 99.9, Max = TimeSpan.FromSeconds(1.5), RequestsPerSecond = 0.5, RowsPerRequest = 8 }));
        Assert.Equal("peak at most 1 GB", Demands.Of(new MemoryClause(1_000_000_000)));
        Assert.Equal("peak at most 1536 MiB", Demands.Of(new MemoryClause(3L << 29)));
        Assert.Equal("peak at most 1000001 B", Demands.Of(new MemoryClause(1_000_001)));
    }
}
