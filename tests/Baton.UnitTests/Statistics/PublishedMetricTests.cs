using Baton.Statistics;
using Xunit;

namespace Baton.UnitTests.Statistics;

/// <summary>Metrics against the examples in scikit-learn's and Fairlearn's documentation, and against figures worked out by hand.</summary>
public sealed class PublishedMetricTests
{
    private static readonly Observations Clusters = Of([0, 0, 1, 1], [0, 0, 1, 2]);

    [Theory]
    [InlineData("ndcg", "0.1 0.2 0.3 4 70", 0.6956940443813076)] // sklearn.metrics.ndcg_score
    [InlineData("ndcg", "0.05 1.1 1 0.5 0", 0.4936801913773761)] // 0.49 there, to these digits by its formula
    [InlineData("ndcg_at_4", "0.05 1.1 1 0.5 0", 0.3520241100634489)] // 0.35
    [InlineData("ndcg_at_1", "1 0 0 0 1", 0.75)] // ties share the mean of their gains
    public void Ndcg_is_scikit_learns(string metric, string scores, double expected) =>
        Assert.Equal(expected, Value(metric, Queries([10, 0, 0, 1, 5], [.. scores.Split(' ').Select(s => double.Parse(s, System.Globalization.CultureInfo.InvariantCulture))], "qqqqq")), 1e-12);

    [Theory]
    [InlineData("mean_reciprocal_rank", (1.0 + 0.5 + 0) / 3)]
    [InlineData("precision_at_2", (0.5 + 0.5 + 0) / 3)]
    [InlineData("recall_at_2", (0.5 + 1.0 + 0) / 3)]
    [InlineData("hit_rate_at_1", (1.0 + 0 + 0) / 3)]
    [InlineData("mean_average_precision", (((1.0 + (2.0 / 3)) / 2) + 0.5 + 0) / 3)]
    [InlineData("mean_average_precision_at_1", (1.0 + 0 + 0) / 3)]
    public void Of_three_queries_a_ranking_metric_is_the_mean(string metric, double expected) =>
        // p ranks 1 0 1, q has a tie whose irrelevant row counts as the first, r has nothing relevant.
        Assert.Equal(expected, Value(metric, Queries([1, 0, 2, 0, 1, 0, 0], [0.9, 0.8, 0.7, 0.5, 0.5, 0.2, 0.1], "pppqqrr")), 1e-12);

    [Fact]
    public void Without_queries_the_top_is_of_all_rows_and_a_tie_goes_against_the_model()
    {
        var rows = new Observations([1, 1, 0, 1, 0], scores: [0.9, 0.5, 0.5, 0.5, 0.1]);

        Assert.Equal([1, 0.5, 2.0 / 3, 0.75], new[] { 1, 2, 3, 4 }.Select(k => Value($"precision_at_{k}", rows)));
        Assert.Equal(2.0 / 3, Value("recall_at_3", rows), 1e-15);
    }

    [Fact]
    public void A_query_is_drawn_whole_or_not_at_all()
    {
        var rows = Queries([1, 0, 0, 1], [1, 2, 3, 4], "ppqq");
        var metric = Metrics.Find("ndcg")!;

        Assert.Equal("rows of one query are drawn apart; draw by query, or by a column that keeps queries whole",
            metric.Prepare(rows, ResamplingUnits.ByRow(4)).Evaluate([1, 1, 1, 1]).UndefinedBecause);
        Assert.Equal(1, metric.Prepare(rows, ResamplingUnits.For(metric, rows)).Evaluate([0, 2]).Value);
    }

    [Theory]
    [InlineData("adjusted_rand", 4.0 / 7)] // 0.57 in scikit-learn's documentation
    [InlineData("homogeneity", 1)]
    [InlineData("completeness", 2.0 / 3)]
    [InlineData("v_measure", 0.8)]
    [InlineData("normalized_mutual_info", 0.8)]
    public void A_cluster_that_is_split_costs_completeness(string metric, double expected) => Assert.Equal(expected, Value(metric, Clusters), 1e-12);

    [Fact]
    public void Adjusted_rand_may_be_worse_than_chance_and_takes_no_weights()
    {
        Assert.Equal(-0.5, Value("adjusted_rand", Of([0, 0, 1, 1], [0, 1, 0, 1])), 1e-12);
        Assert.Equal(0, Value("adjusted_rand", Of([0, 0, 0, 0], [0, 1, 2, 3])), 1e-12);
        Assert.Equal(1, Value("adjusted_rand", Of([3, 3, 7, 7], [1, 1, 0, 0])), 1e-12);
        Assert.Contains("no weights", Metrics.Find("adjusted_rand")!.Compute(new Observations([0, 1], predictions: [0, 1], weights: [1, 2])).UndefinedBecause);
    }

    [Fact]
    public void Clusters_are_judged_by_their_features()
    {
        // The example of davies_bouldin_score, 0.12; then 200 rows half a unit off their centres, which lie 1.5 off the mean, in two dimensions.
        Assert.Equal(0.5 / Math.Sqrt(15.25), Value("davies_bouldin", Shaped([0, 0, 1], [[0, 1], [1, 1], [3, 4]])), 1e-12);
        double[][] four = [.. new[] { 0.0, 1, 3, 4 }.SelectMany(x => Enumerable.Repeat(new[] { x, x }, 50))];
        Assert.Equal(200 * 2 * 2.25 * 198 / (200 * 0.5), Value("calinski_harabasz", Shaped([.. Enumerable.Range(0, 200).Select(i => i / 100.0 < 1 ? 0.0 : 1)], four)), 1e-9);
        // Row 0: a = 1, b = (4 + 6) / 2; row 1: a = 1, b = 4; row 2: a = 2, b = 3.5; row 3: a = 2, b = 5.5.
        Assert.Equal(((4 / 5.0) + (3 / 4.0) + (1.5 / 3.5) + (3.5 / 5.5)) / 4, Value("silhouette", Shaped([0, 0, 1, 1], [[0], [1], [4], [6]])), 1e-12);
    }

    [Theory]
    [InlineData("jaccard_samples", 7.0 / 12)] // 0.5833 in the example of jaccard_score
    [InlineData("jaccard_macro", 2.0 / 3)]
    [InlineData("jaccard_micro", 0.6)]
    [InlineData("multilabel_f1_micro", 0.75)]
    [InlineData("multilabel_f1_macro", 7.0 / 9)]
    [InlineData("multilabel_f1_weighted", 0.75)]
    [InlineData("multilabel_f1_samples", ((4.0 / 5) + (2.0 / 3)) / 2)]
    [InlineData("subset_accuracy", 0)]
    [InlineData("hamming_loss", 2.0 / 6)]
    public void Sets_of_labels_are_compared_by_label_and_by_row(string metric, double expected)
    {
        var sets = Observations.OfLabelSets([[0, 1, 1], [1, 1, 0]], [[1, 1, 1], [1, 0, 0]]);
        // By label: both 1 1 1, predicted 2 1 1, true 1 2 1, so f1 is 2/3, 2/3 and 1, jaccard 1/2, 1/2 and 1.
        Assert.Equal(expected, Value(metric, sets), 1e-12);
    }

    [Fact]
    public void Scores_of_labels_rank_them()
    {
        // The examples of label_ranking_average_precision_score and coverage_error.
        Assert.Equal(5.0 / 12, Value("label_ranking_average_precision", Observations.OfLabelSets([[1, 0, 0], [0, 0, 1]], scores: [[0.75, 0.5, 1], [1, 0.2, 0.1]])), 1e-12);
        Assert.Equal(1.5, Value("coverage_error", Observations.OfLabelSets([[1, 0, 0], [0, 1, 1]], scores: [[1, 0, 0], [0, 1, 1]])), 1e-12);
        Assert.Equal(1, Value("label_ranking_average_precision", Observations.OfLabelSets([[0, 0]], scores: [[1, 2]])));
    }

    [Fact]
    public void Forecasts_are_told_in_errors_of_the_naive_one()
    {
        double[] history = [1, 3, 2, 5, 4, 9];
        var scale = Baselines.NaiveScale(history, season: 2);
        var rows = new Observations([6, 0, 10], predictions: [4, 0, 13])
        {
            NaiveScales = [scale, scale, scale],
            Intervals = [(5, 6), (1, 2), (8, 12)],
        };

        Assert.Equal(new NaiveScale((1 + 2 + 2 + 4) / 4.0, (1 + 4 + 4 + 16) / 4.0), scale);
        Assert.Equal((2 + 0 + 3) / 3.0 / 2.25, Value("mase", rows), 1e-12);
        Assert.Equal(Math.Sqrt((4 + 0 + 9) / 3.0 / 6.25), Value("rmsse", rows), 1e-12);
        Assert.Equal(((4 / 10.0) + 0 + (6 / 23.0)) / 3, Value("smape", rows), 1e-12);
        Assert.Equal(5 / 16.0, Value("wape", rows), 1e-12);
        Assert.Equal(2.0 / 3, Value("interval_coverage", rows), 1e-12);
        Assert.Equal(2, Value("mean_interval_width", rows), 1e-12);
    }

    [Fact]
    public void Groups_are_treated_as_differently_as_Fairlearn_says()
    {
        // The data of Fairlearn's user guide on metrics.
        var rows = new Observations([1, 1, 1, 1, 1, 0, 0, 1, 1, 0], predictions: [0, 1, 1, 1, 1, 0, 0, 0, 1, 1])
        {
            Sensitive = [.. Enumerable.Range(0, 10).Select(i => i < 5 ? "Female" : "Male")],
        };

        Assert.Equal(0.4, Value("demographic_parity_difference", rows), 1e-12);
        Assert.Equal(0.5, Value("demographic_parity_ratio", rows), 1e-12);
        Assert.Equal(0.3, Value("equal_opportunity_difference", rows), 1e-12);
        Assert.Equal("a value of the sensitive column has no row of label 0; its rate needs one", Metrics.Find("equalized_odds_difference")!.Compute(rows).UndefinedBecause);
        // Every positive row is found; of the negative ones half are taken for positive in a, none in b.
        var both = new Observations([1, 0, 0, 1, 1, 0], predictions: [1, 1, 0, 1, 1, 0]) { Sensitive = ["a", "a", "a", "b", "b", "b"] };
        Assert.Equal(0.5, Value("equalized_odds_difference", both));
    }

    [Fact]
    public void Costs_are_those_of_the_cells()
    {
        var rows = new Observations([1, 1, 0, 0], predictions: [1, 0, 1, 0]) { Costs = CostTable.Binary(falsePositive: 2, falseNegative: 10, truePositive: -1) };

        Assert.Equal((-1 + 10 + 2 + 0) / 4.0, Value("expected_cost", rows));
        Assert.Equal(0.5, Value("specificity", rows));
        Assert.Equal(0.5, Value("positive_rate", rows));
    }

    [Fact]
    public void Calibration_is_a_curve_its_worst_gap_and_a_line()
    {
        // Of 100 rows at 0.8, 80 are positive; of 100 at 0.3, 50.
        var rows = new Observations(
            [.. Enumerable.Range(0, 200).Select(i => i < 80 || i is >= 100 and < 150 ? 1.0 : 0)], [.. Enumerable.Range(0, 200).Select(i => i < 100 ? 0.8 : 0.3)]);

        Assert.Equal(0.2, Value("maximum_calibration_error", rows), 1e-12);
        Assert.Equal([(0.3, 0.5), (0.8, 0.8)], Calibration.Curve(rows).Select(bin => (Math.Round(bin.MeanScore, 12), bin.PositiveShare)));
        // Two points define the line: log-odds of 0.3 go to 0, those of 0.8 stay.
        var (low, high) = (Math.Log(0.3 / 0.7), Math.Log(4));
        var line = Calibration.Line(rows)!;
        Assert.Equal(high / (high - low), line.Slope, 1e-9);
        Assert.Equal(-low * high / (high - low), line.Intercept, 1e-9);
        Assert.Null(Calibration.Line(new Observations([0, 0, 1, 1], [0.1, 0.2, 0.8, 0.9])));
    }

    [Fact]
    public void Baselines_need_no_model()
    {
        Assert.Equal([2, 2], Baselines.MajorityClass([1, 2, 2, 1, 2], 2));
        Assert.Equal([[0.25, 0.75]], Baselines.Prior([0, 1, 1, 1], 1, 2));
        Assert.Equal([2.5], Baselines.Median([4, 1, 2, 3], 1));
        Assert.Equal([2.75], Baselines.Mean([4, 1, 2, 4], 1));
        Assert.Equal([7, 7], Baselines.LastValue([1, 7], 2));
        Assert.Equal([2, 3, 2], Baselines.SeasonalNaive([1, 2, 3], season: 2, steps: 3));
        Assert.Equal(0.75, Baselines.Stratified([0, 1, 1, 1], 100_000).Average(), 0.01);
        Assert.Throws<ArgumentException>(() => Baselines.NaiveScale([1, 2], season: 2));
    }

    private static double Value(string metric, Observations rows) => Metrics.Find(metric)!.Compute(rows) switch
    {
        { Value: { } value } => value,
        var undefined => throw new InvalidOperationException(undefined.UndefinedBecause),
    };

    private static Observations Of(double[] labels, double[] clusters) => new(labels, predictions: clusters);

    private static Observations Shaped(double[] clusters, double[][] features) => new(clusters, predictions: clusters) { Features = features };

    private static Observations Queries(double[] gains, double[] scores, string queries) => new(gains, scores) { Queries = [.. queries.Select(q => $"{q}")] };
}
