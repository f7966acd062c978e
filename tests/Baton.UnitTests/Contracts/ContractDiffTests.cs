using Baton.Contracts;
using Xunit;

namespace Baton.UnitTests.Contracts;

public sealed class ContractDiffTests
{
    private static readonly Contract Flights = ContractParser.ParseOrThrow(Checkout.Read("samples/flights/contract.yaml"));

    [Fact]
    public void A_contract_does_not_differ_from_itself() =>
        Assert.Empty(ContractDiff.Between(Flights, ContractParser.ParseOrThrow(ContractWriter.Write(Flights))));

    [Theory]
    [InlineData("min: 0.60", "min: 0.62", "clauses.metrics.roc_auc.min", ChangeKind.Compatible, "0.60", "0.62")]
    [InlineData("min: 0.60", "min: 0.58", "clauses.metrics.roc_auc.min", ChangeKind.Breaking, "0.60", "0.58")]
    [InlineData("      min: 0.60\n", "", "clauses.metrics.roc_auc.min", ChangeKind.Breaking, "0.60", null)]
    [InlineData("min: 0.60", "min: 0.60\n      max: 0.9", "clauses.metrics.roc_auc.max", ChangeKind.Compatible, null, "0.90")]
    [InlineData("confidence: 95 %", "confidence: 90 %", "clauses.metrics.roc_auc.confidence", ChangeKind.Breaking, "95 %", "90 %")]
    [InlineData("group_by: date ", "group_by: route ", "clauses.metrics.roc_auc.group_by", ChangeKind.Breaking, "date", "route")]
    [InlineData("{min: -0.005}", "{min: -0.01}", "clauses.metrics.roc_auc.against_production.min", ChangeKind.Breaking, "-0.005", "-0.01")]
    [InlineData("within: 0.0001", "within: 0.001", "clauses.reproduces.within", ChangeKind.Breaking, "0.0001", "0.001")]
    [InlineData("rows: {min: 99.5 %}", "rows: {min: 100 %}", "clauses.reproduces.rows.min", ChangeKind.Compatible, "99.5 %", "100 %")]
    [InlineData("100 ms", "10 ms", "clauses.latency.max", ChangeKind.Compatible, "100 ms", "10 ms")]
    [InlineData("100 ms", "1 s", "clauses.latency.max", ChangeKind.Breaking, "100 ms", "1 s")]
    [InlineData("p95", "p99", "clauses.latency.percentile", ChangeKind.Compatible, "p95", "p99")]
    [InlineData("20 requests/s", "10 requests/s", "clauses.latency.load", ChangeKind.Breaking, "20 requests/s", "10 requests/s")]
    [InlineData("256 MiB", "512 MiB", "clauses.memory.peak.max", ChangeKind.Breaking, "256 MiB", "512 MiB")]
    [InlineData("  memory:\n    peak: {max: 256 MiB}\n", "", "clauses.memory", ChangeKind.Breaking, "peak at most 256 MiB", null)]
    [InlineData("model: flight-delay", "model: flights", "model", ChangeKind.Breaking, "flight-delay", "flights")]
    [InlineData("service: platform", "service: ops", "owners.service", ChangeKind.Editorial, "platform", "ops")]
    public void One_change_is_told_for_what_it_is(string was, string now, string path, ChangeKind kind, string? before, string? after)
    {
        var text = Checkout.Read("samples/flights/contract.yaml");
        Assert.Contains(was, text, StringComparison.Ordinal);

        var change = Assert.Single(ContractDiff.Between(Flights, ContractParser.ParseOrThrow(text.Replace(was, now, StringComparison.Ordinal))));

        Assert.Equal(new ContractChange(path, kind, before, after), change);
    }

    [Fact]
    public void A_clause_added_is_compatible()
    {
        var changed = Flights with { Metrics = [.. Flights.Metrics, new MetricClause { Metric = "recall", Min = 0.5 }] };

        Assert.Equal(
            "compatible: clauses.metrics.recall (none) → at least 0.50 (95 % interval by row)", Assert.Single(ContractDiff.Between(Flights, changed)).ToString());
    }
}
