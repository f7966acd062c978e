using System.Globalization;
using Baton.Contracts;
using Baton.Statistics;
using Baton.UnitTests.Contracts;
using Xunit;

namespace Baton.UnitTests.Statistics;

public sealed class MetricTableTests
{
    public static TheoryData<string> Names => [.. Metrics.Table.Select(facts => facts.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_metric_of_the_table_can_be_computed_and_be_bound_with_the_same_direction_and_range(string name)
    {
        var example = name.Replace("_K", "_3", StringComparison.Ordinal).Replace("_X", "_0.5", StringComparison.Ordinal);
        var (metric, bound) = (Metrics.Find(example)!, MetricNames.Find(example)!);

        Assert.Equal(example, metric.Name);
        Assert.Equal((metric.GreaterIsBetter, metric.Lowest, metric.Highest), (bound.GreaterIsBetter, bound.Lowest, bound.Highest));
        Assert.Equal(Metrics.Table.Single(facts => facts.Name == name) with { Name = example }, metric.Facts);
    }

    [Fact]
    public void The_table_has_every_metric_once_and_no_other()
    {
        Assert.Equal(Metrics.Table.Select(facts => facts.Name).Order(), Metrics.Names.Order());
        Assert.Equal(
            MetricNames.Written.Order(), Metrics.Names.Select(name => name.Replace("_K", "_X", StringComparison.Ordinal)).Order());
    }

    [Theory]
    [InlineData("ndcg_at_0")]
    [InlineData("ndcg_at_2.5")]
    [InlineData("precision_at_")]
    [InlineData("hit_rate_at_2000000")]
    public void A_number_that_a_metric_cannot_have_makes_it_unknown(string name)
    {
        Assert.Null(Metrics.Find(name));
        Assert.Null(MetricNames.Find(name));
    }

    [Fact]
    public void The_page_of_metrics_is_the_table() =>
        Assert.Equal(
            Metrics.Table.Select(Line),
            Checkout.Read("docs/contract/metrics.md").Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal)));

    [Fact]
    public void What_rows_lack_is_told_by_every_metric_that_needs_it()
    {
        var bare = Observations.Unlabelled([0, 1, 1]);
        foreach (var facts in Metrics.Table.Where(facts => (facts.Needs & ~(MetricNeeds.Predictions | MetricNeeds.Classes)) != 0))
        {
            var name = facts.Name.Replace("_K", "_3", StringComparison.Ordinal).Replace("_X", "_0.5", StringComparison.Ordinal);
            Assert.Matches("^(there (is|are) no|it is not told)", Metrics.Find(name)!.Compute(bare).UndefinedBecause!);
        }
    }

    private static string Line(MetricFacts facts) =>
        $"| `{facts.Name}` | {facts.Tasks} | {(facts.GreaterIsBetter ? "greater" : "less")} | {Span(facts)} | {Words(facts.Needs)} | {facts.Definition} |";

    private static string Span(MetricFacts facts) => (double.IsFinite(facts.Lowest), double.IsFinite(facts.Highest)) switch
    {
        (true, true) => string.Create(CultureInfo.InvariantCulture, $"{facts.Lowest} to {facts.Highest}"),
        (true, false) => string.Create(CultureInfo.InvariantCulture, $"{facts.Lowest} or more"),
        (false, true) => string.Create(CultureInfo.InvariantCulture, $"{facts.Highest} or less"),
        _ => "any",
    };

    private static string Words(MetricNeeds needs) => string.Join(", ", Enum.GetValues<MetricNeeds>().Where(need => need != 0 && needs.HasFlag(need)).Select(need => need switch
    {
        MetricNeeds.ClassScores => "class scores",
        MetricNeeds.LabelSets => "label sets",
        MetricNeeds.PredictedSets => "predicted sets",
        MetricNeeds.LabelScores => "label scores",
        MetricNeeds.NaiveErrors => "naive errors",
        MetricNeeds.Sensitive => "sensitive column",
        _ => need.ToString().ToLowerInvariant(),
    }));
}
