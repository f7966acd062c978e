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
    public void What_a_contract_can_bound_can_be_computed_and_has_the_same_better_side()
    {
        string[] withNumbers = ["roc_auc_max_fpr_0.1", "precision_at_recall_0.8", "mean_pinball_loss_0.9"];
        foreach (var bound in MetricNames.All.Concat(withNumbers.Select(name => MetricNames.Find(name)!)))
            Assert.Equal((bound.Name, bound.GreaterIsBetter), Metrics.Find(bound.Name) is { } metric ? (metric.Name, metric.GreaterIsBetter) : default);
    }

    [Theory]
    [InlineData("precision_at_recall_1.5")]
    [InlineData("precision_at_recall_")]
    [InlineData("mean_pinball_loss_0")]
    [InlineData("roc_auc_max_fpr_-0.1")]
    public void A_number_that_a_metric_cannot_have_makes_it_unknown(string name) => Assert.Null(MetricNames.Find(name));

    [Fact]
    public void What_is_computed_of_scores_and_predictions_can_be_bound() => Assert.All(
        Metrics.All.Select(m => m.Name).Except(["roc_auc_ovr_macro", "roc_auc_ovr_weighted", "roc_auc_ovo_macro", "roc_auc_ovo_weighted"]),
        name => Assert.NotNull(MetricNames.Find(name)));

    [Theory]
    [InlineData("auc", "roc_auc")]
    [InlineData("RMSE", "root_mean_squared_error")]
    [InlineData("acuracy", "accuracy")]
    [InlineData("average precision", "average_precision")]
    [InlineData("bleu", null)]
    public void A_metric_by_another_name_is_recognised(string name, string? metric) => Assert.Equal(metric, MetricNames.Suggest(name));
}
