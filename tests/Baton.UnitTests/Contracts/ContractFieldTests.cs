using Baton.Contracts;
using Xunit;

namespace Baton.UnitTests.Contracts;

public sealed class ContractFieldTests
{
    [Theory]
    [InlineData("latency", "pNN")]
    [InlineData("metrics.roc_auc", "against_baseline")]
    [InlineData("metrics.precision_at_recall_0.8.against_production", "min")]
    [InlineData("clauses.metrics.roc_auc.slices.country", "gap")]
    [InlineData("hardware.web.on", "provider")]
    [InlineData("costs", "false_negative")]
    public void A_clause_tells_what_can_stand_in_it(string path, string field)
    {
        var found = ContractField.Find(path)!;

        Assert.Contains($"{path}.{field}", found.Fields.Select(f => f.Path));
        Assert.All(found.Fields, f => Assert.NotEmpty(f.About));
    }

    [Fact]
    public void A_value_tells_the_words_it_may_be() =>
        Assert.Equal("Scenario of MLPerf Inference. One of single_stream, multi_stream, server, offline.", ContractField.Find("hardware.web.scenario")!.About);

    [Theory]
    [InlineData("latencies")]
    [InlineData("metrics.accuracyy")]
    [InlineData("metrics.roc_auc.slices.country.gap.max.more")]
    public void What_the_language_does_not_have_is_not_found(string path) => Assert.Null(ContractField.Find(path));

    [Fact]
    public void The_language_lists_every_clause() => Assert.Superset(
        new HashSet<string>(["model", "costs", "reproduces", "metrics", "fairness", "data", "robustness", "checks", "latency", "memory", "hardware", "package", "provenance", "security", "operations"]),
        ContractField.Language().Fields.Select(f => f.Path).ToHashSet());
}
