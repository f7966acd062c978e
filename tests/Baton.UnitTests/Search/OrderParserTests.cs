using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Search;
using Baton.Server.Registry;
using Baton.Server.Runs;
using Baton.Server.Runs.Searching;
using Xunit;

namespace Baton.UnitTests.Search;

public sealed class OrderParserTests
{
    [Theory]
    [InlineData("metrics.loss DESC", FieldKind.Metric, "loss", true)]
    [InlineData("metrics.`a b/c` desc", FieldKind.Metric, "a b/c", true)]
    [InlineData("metric.\"a b\"", FieldKind.Metric, "a b", false)]
    [InlineData("params.lr asc", FieldKind.Param, "lr", false)]
    [InlineData("tags.mlflow.user", FieldKind.Tag, "mlflow.user", false)]
    [InlineData("attributes.start_time DESC", FieldKind.Attribute, "start_time", true)]
    [InlineData("Created", FieldKind.Attribute, "start_time", false)]
    [InlineData("Run Name DESC", FieldKind.Attribute, "run_name", true)]
    [InlineData("duration DESC", FieldKind.Attribute, "duration", true)]
    public void An_order_of_runs_means(string clause, object kind, string key, bool descending)
    {
        var order = Assert.Single(OrderParser.Parse([clause], RunLanguage.Language));

        Assert.Equal(((FieldKind)kind, key, descending), (order.Field.Kind, order.Field.Key, order.Descending));
    }

    [Fact]
    public void The_timestamp_of_a_registered_model_is_that_of_its_last_update() =>
        Assert.Equal("last_updated_timestamp", OrderParser.Parse(["timestamp DESC"], SearchModels.Language)[0].Field.Key);

    [Theory]
    [InlineData("metrics.m UP", "Invalid ordering key in order_by clause 'metrics.m UP'.")]
    [InlineData("metrics.m DESC DESC", "Invalid ordering key in order_by clause 'metrics.m DESC DESC'.")]
    [InlineData("metrics.m = 1", "Invalid order_by clause 'metrics.m = 1'. Could not be parsed.")]
    [InlineData("metrics.m, metrics.n", "Invalid order_by clause 'metrics.m, metrics.n'. Could not be parsed.")]
    [InlineData("", "Invalid order_by clause ''. Could not be parsed.")]
    [InlineData("'m' DESC", "Invalid order_by clause")]
    [InlineData("1", "Invalid order_by clause '1'. Could not be parsed.")]
    [InlineData("bogus.m", "Invalid entity type 'bogus'.")]
    [InlineData("bogus", "Invalid order_by key 'bogus' specified.")]
    [InlineData("start_tme", "Did you mean 'start_time'?")]
    [InlineData("dataset.name", "runs are not ordered by datasets")]
    public void An_order_that_does_not_parse_is_refused(string clause, string message) =>
        Assert.Contains(message, Assert.Throws<Refusal>(() => OrderParser.Parse([clause], RunLanguage.Language)).Message, StringComparison.Ordinal);

    [Fact]
    public void The_same_field_twice_is_refused_under_any_name()
    {
        Assert.Contains("`order_by` contains duplicate fields: ['last_updated_timestamp']", Refused(["timestamp", "last_updated_timestamp DESC"], SearchModels.Language));
        Assert.Contains("`order_by` contains duplicate fields: ['m']", Refused(["metrics.m", "metrics.`m` DESC"], RunLanguage.Language));
        Assert.Equal(2, OrderParser.Parse(["metrics.m", "params.m"], RunLanguage.Language).Count);
    }

    [Fact]
    public void What_MLflow_does_not_order_by_is_refused()
    {
        Assert.Contains("Invalid order_by key 'creation_timestamp'", Refused(["creation_timestamp"], SearchModels.Language));
        Assert.Contains("experiments are not ordered by tags", Refused(["tags.a"], SearchExperiments.Language));
        Assert.Contains("at most 20", Refused([.. Enumerable.Range(0, 21).Select(i => $"metrics.m{i}")], RunLanguage.Language));
    }

    private static string Refused(string[] clauses, SearchLanguage language) => Assert.Throws<Refusal>(() => OrderParser.Parse(clauses, language)).Message;
}
