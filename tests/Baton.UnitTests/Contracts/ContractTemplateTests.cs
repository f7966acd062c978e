using Baton.Contracts;
using Baton.Statistics;
using Xunit;

namespace Baton.UnitTests.Contracts;

public sealed class ContractTemplateTests
{
    public static TheoryData<string> MetricNamesKnown => [.. MetricNames.All.Select(m => m.Name)];

    [Fact]
    public void The_default_demands_of_the_flights_what_their_sample_demands()
    {
        var sample = ContractParser.ParseOrThrow(Checkout.Read("samples/flights/contract.yaml"));
        var template = ContractTemplate.Default("flight-delay", groupBy: "date");

        Assert.Equal(ContractCanon.Write(sample with { Purpose = null, Owners = null }), ContractCanon.Write(template));
    }

    [Theory]
    [MemberData(nameof(MetricNamesKnown))]
    public void Every_metric_gives_a_contract_of_four_clauses_that_reads_back(string metric)
    {
        var contract = ContractTemplate.Default("m", metric: metric);

        var read = ContractParser.ParseOrThrow(ContractWriter.Write(contract));

        Assert.Equal(ContractCanon.Digest(contract), ContractCanon.Digest(read));
        Assert.Equal(metric, Assert.Single(read.Metrics).Metric);
        Assert.NotNull(read.Reproduces);
        Assert.NotNull(read.Latency);
        Assert.NotNull(read.Memory);
    }

    [Fact]
    public void An_unknown_metric_is_refused() => Assert.Throws<ArgumentException>(() => ContractTemplate.Default("m", metric: "auc"));

    [Fact]
    public void What_a_contract_can_bound_can_be_computed_and_the_other_way_round() =>
        Assert.Equal(MetricNames.All.Select(m => (m.Name, m.GreaterIsBetter)), Metrics.All.Select(m => (m.Name, m.GreaterIsBetter)));

    [Theory]
    [InlineData("auc", "roc_auc")]
    [InlineData("RMSE", "root_mean_squared_error")]
    [InlineData("acuracy", "accuracy")]
    [InlineData("average precision", "average_precision")]
    [InlineData("bleu", null)]
    public void A_metric_by_another_name_is_recognised(string name, string? metric) => Assert.Equal(metric, MetricNames.Suggest(name));
}
