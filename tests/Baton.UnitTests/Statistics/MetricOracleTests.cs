using System.Text.Json;
using Baton.Statistics;
using Baton.UnitTests.Contracts;
using Xunit;

namespace Baton.UnitTests.Statistics;

/// <summary>Against numbers of scikit-learn and scipy.</summary>
public sealed class MetricOracleTests
{
    private static readonly JsonElement Oracle = JsonDocument.Parse(Checkout.Read("tests/Baton.UnitTests/oracles/metrics.json")).RootElement;

    public static TheoryData<int, string, string> Expectations
    {
        get
        {
            var rows = new TheoryData<int, string, string>();
            foreach (var (number, oracle) in Oracle.GetProperty("cases").EnumerateArray().Index())
            {
                foreach (var expected in oracle.GetProperty("expected").EnumerateObject())
                    rows.Add(number, oracle.GetProperty("name").GetString()!, expected.Name);
            }

            return rows;
        }
    }

    public static TheoryData<int, int, double, double, double> ClopperPearson =>
    [
        .. Oracle.GetProperty("intervals").EnumerateArray().Where(c => c.GetProperty("method").GetString() == "clopper-pearson").Select(c => new TheoryDataRow<int, int, double, double, double>(
            c.GetProperty("k").GetInt32(), c.GetProperty("n").GetInt32(), c.GetProperty("confidence").GetDouble(),
            c.GetProperty("expected")[0].GetDouble(), c.GetProperty("expected")[1].GetDouble())),
    ];

    [Theory]
    [MemberData(nameof(Expectations))]
    public void A_metric_is_what_scikit_learn_says(int number, string name, string metric)
    {
        var oracle = Oracle.GetProperty("cases")[number];
        Assert.Equal(name, oracle.GetProperty("name").GetString());
        var expected = oracle.GetProperty("expected").GetProperty(metric).GetDouble();

        var value = Metrics.Find(metric)!.Compute(Observed(oracle)).Value!.Value;

        Assert.True(Math.Abs(value - expected) <= 1e-12 + (1e-10 * Math.Abs(expected)), $"{value:R} is not {expected:R}");
    }

    [Fact]
    public void Of_one_class_there_is_no_ranking_and_the_reason_is_told()
    {
        var oracle = Oracle.GetProperty("cases").EnumerateArray().First(c => c.GetProperty("name").GetString() == "one_class");

        foreach (var metric in new[] { "roc_auc", "average_precision" })
        {
            var value = Metrics.Find(metric)!.Compute(Observed(oracle));
            Assert.Null(value.Value);
            Assert.Equal("every label is 1; a ranking needs rows of both classes", value.UndefinedBecause);
        }
    }

    [Theory]
    [MemberData(nameof(ClopperPearson))]
    public void The_binomial_leaves_at_the_ends_of_a_Clopper_Pearson_interval_the_tails_it_is_made_of(
        int k, int n, double confidence, double low, double high)
    {
        var tail = (1 - confidence) / 2;
        if (k > 0)
            Assert.Equal(tail, 1 - new Binomial(n, low).AtMost(k - 1), 1e-10);
        if (k < n)
            Assert.Equal(tail, new Binomial(n, high).AtMost(k), 1e-10);
    }

    [Theory]
    [MemberData(nameof(Proportions))]
    public void An_interval_of_a_share_is_what_scipy_says(string method, int k, int n, double confidence, double low, double? high)
    {
        var interval = method switch
        {
            "wilson" => Proportion.Wilson(k, n, confidence),
            "clopper-pearson" => Proportion.ClopperPearson(k, n, confidence),
            _ => (Low: Proportion.WilsonAtLeast(k, n, confidence), High: double.NaN),
        };

        Assert.Equal(low, interval.Low, 1e-10);
        if (high is { } expected)
            Assert.Equal(expected, interval.High, 1e-10);
    }

    public static TheoryData<string, int, int, double, double, double?> Proportions =>
    [
        .. Oracle.GetProperty("intervals").EnumerateArray().Select(c => new TheoryDataRow<string, int, int, double, double, double?>(
            c.GetProperty("method").GetString()!, c.GetProperty("k").GetInt32(), c.GetProperty("n").GetInt32(), c.GetProperty("confidence").GetDouble(),
            c.GetProperty("expected")[0].GetDouble(), c.GetProperty("expected").GetArrayLength() > 1 ? c.GetProperty("expected")[1].GetDouble() : null)),
    ];

    private static Observations Observed(JsonElement oracle)
    {
        double[]? Column(string name) => oracle.TryGetProperty(name, out var column) && column.ValueKind == JsonValueKind.Array
            ? [.. column.EnumerateArray().Select(v => v.GetDouble())]
            : null;
        var byClass = oracle.TryGetProperty("score", out var score) && score[0].ValueKind == JsonValueKind.Array;
        return new Observations(
            Column("label")!,
            byClass ? null : Column("score"),
            Column("prediction"),
            byClass ? score.EnumerateArray().Select(row => (IReadOnlyList<double>)[.. row.EnumerateArray().Select(v => v.GetDouble())]) : null,
            Column("weight"),
            oracle.TryGetProperty("threshold", out var threshold) ? threshold.GetDouble() : 0.5);
    }
}
