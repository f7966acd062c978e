using Baton.Statistics;
using CsCheck;
using Xunit;

namespace Baton.UnitTests.Statistics;

public sealed class MetricTests
{
    private static readonly Metric Auc = Metrics.Find("roc_auc")!;

    /// <summary>Labels of both classes, and scores with many ties.</summary>
    private static readonly Gen<(double[] Labels, double[] Scores)> Rows =
        from n in Gen.Int[2, 60]
        from labels in Gen.Int[0, 1].Select(i => (double)i).Array[n]
        from scores in Gen.Int[0, 20].Select(i => i / 20.0).Array[n]
        where labels.Contains(0) && labels.Contains(1)
        select (labels, scores);

    [Fact]
    public void Auc_is_the_share_of_pairs_ranked_right() =>
        Rows.Sample(rows =>
        {
            var pairs =
                from p in rows.Labels.Index()
                where p.Item == 1
                from q in rows.Labels.Index()
                where q.Item == 0
                select rows.Scores[p.Index] > rows.Scores[q.Index] ? 1 : rows.Scores[p.Index] == rows.Scores[q.Index] ? 0.5 : 0;
            return Math.Abs(pairs.Average() - Value(rows.Labels, rows.Scores)) < 1e-12;
        });

    [Fact]
    public void Auc_does_not_change_under_a_monotone_transform() =>
        Rows.Sample(rows => Value(rows.Labels, rows.Scores) == Value(rows.Labels, [.. rows.Scores.Select(s => Math.Exp(3 * s) - 7)]));

    [Fact]
    public void Auc_of_negated_scores_is_its_complement() =>
        Rows.Sample(rows => Math.Abs(1 - Value(rows.Labels, rows.Scores) - Value(rows.Labels, [.. rows.Scores.Select(s => -s)])) < 1e-15);

    [Fact]
    public void A_metric_by_weight_is_the_metric_of_rows_written_out() =>
        Gen.Select(Rows, Gen.Int[0, 3].Array[60], Gen.Int[0, 6].Array[60], Gen.OneOf([.. Metrics.All])).Sample((rows, weights, groups, metric) =>
        {
            var n = rows.Labels.Length;
            var values = metric.Name is "r2" or "pearson" or "spearman" || metric.Name.Contains("error") || metric.Name.Contains("deviance");
            var predictions = rows.Scores.Select((s, i) => values ? s * 2 : s + (i % 3) > 1 ? 1.0 : 0.0).ToArray();
            var units = ResamplingUnits.ByGroup(groups[..n]);
            var repeated = Enumerable.Range(0, n).SelectMany(i => Enumerable.Repeat(i, weights[units.UnitOfRow[i]])).ToArray();
            if (repeated.Length == 0)
                return true;

            var byWeight = metric.Prepare(new Observations(rows.Labels, rows.Scores, predictions), units).Evaluate(weights.AsSpan(0, units.Count));
            var writtenOut = metric.Compute(new Observations(
                repeated.Select(i => rows.Labels[i]), repeated.Select(i => rows.Scores[i]), repeated.Select(i => predictions[i])));

            // Values that a metric cannot take are refused even in rows that this resample did not draw.
            if (byWeight.UndefinedBecause?.Contains(" of row ") == true)
                return true;
            return byWeight.UndefinedBecause == writtenOut.UndefinedBecause
                && Math.Abs((byWeight.Value ?? 0) - (writtenOut.Value ?? 0)) <= 1e-10 * Math.Max(1, Math.Abs(writtenOut.Value ?? 0));
        }, iter: 5_000);

    [Theory]
    [InlineData("roc_auc", "every label is 0; a ranking needs rows of both classes")]
    [InlineData("average_precision", "every label is 0; a ranking needs rows of both classes")]
    [InlineData("recall", "every label is 0; recall needs positive rows")]
    [InlineData("precision", "no row is predicted positive")]
    [InlineData("f1", "no row is positive, neither by label nor by prediction")]
    public void A_metric_that_does_not_exist_for_the_rows_says_why(string metric, string reason) =>
        Assert.Equal(MetricValue.Undefined(reason), Metrics.Find(metric)!.Compute(new Observations([0, 0, 0], scores: [0.1, 0.2, 0.3])));

    [Theory]
    [InlineData("brier_score", "the score of row 1 (counted from 0) is 1.5, which is no probability")]
    [InlineData("log_loss", "the score of row 1 (counted from 0) is 1.5, which is no probability")]
    [InlineData("mean_absolute_error", "there are no predictions")]
    [InlineData("r2", "there are no predictions")]
    public void A_metric_that_needs_other_columns_says_so(string metric, string reason) =>
        Assert.Equal(MetricValue.Undefined(reason), Metrics.Find(metric)!.Compute(new Observations([0, 1], scores: [0.1, 1.5])));

    [Fact]
    public void A_binary_metric_refuses_a_third_class_and_accuracy_does_not()
    {
        var three = new Observations([0, 1, 2], scores: [0.1, 0.2, 0.3], predictions: [0, 1, 1]);

        Assert.Equal("the label of row 2 (counted from 0) is 2; a binary metric needs 0 or 1", Auc.Compute(three).UndefinedBecause);
        Assert.Equal(2.0 / 3, Metrics.Find("accuracy")!.Compute(three).Value);
    }

    [Fact]
    public void R2_of_equal_labels_is_undefined_and_of_labels_far_from_nought_exact()
    {
        Assert.Equal("all labels are equal; r2 needs labels that differ",
            Metrics.Find("r2")!.Compute(new Observations([5.1, 5.1, 5.1], predictions: [5, 5, 6])).UndefinedBecause);
        var far = new Observations([1e9 + 1, 1e9 + 2, 1e9 + 3], predictions: [1e9 + 1, 1e9 + 2, 1e9 + 4]);
        Assert.Equal(0.5, Metrics.Find("r2")!.Compute(far).Value!.Value, 1e-12);
    }

    [Fact]
    public void Observations_that_do_not_fit_are_refused_by_name()
    {
        Refused("There is no row", () => new Observations([], []));
        Refused("2 scores for 1 labels", () => new Observations([1], [1, 2]));
        Refused("score of row 1 (counted from 0) is NaN", () => new Observations([1, 0], [1, double.NaN]));
        Refused("neither scores nor predictions", () => new Observations([1]));

        static void Refused(string reason, Func<Observations> make) =>
            Assert.Contains(reason, Assert.Throws<ArgumentException>(make).Message, StringComparison.Ordinal);
    }

    private static double Value(double[] labels, double[] scores) => Auc.Compute(new Observations(labels, scores)).Value!.Value;
}
