using Baton.Statistics;
using Xunit;

namespace Baton.UnitTests.Statistics;

public sealed class BcaTests
{
    private static readonly Metric Correlation = Metrics.Find("pearson")!;

    /// <summary>Entrance test and grade of fifteen law schools (Efron and Tibshirani 1993, table 3.1).</summary>
    private static readonly Observations LawSchools = new(
        [576, 635, 558, 578, 666, 580, 555, 661, 651, 605, 653, 575, 545, 572, 594],
        predictions: [3.39, 3.30, 2.81, 3.03, 3.44, 3.07, 3.00, 3.43, 3.36, 3.13, 3.12, 2.74, 2.76, 2.88, 2.96]);

    [Fact]
    public void The_law_schools_have_the_published_interval()
    {
        var found = Bootstrap.Interval(Correlation, LawSchools, ResamplingUnits.ByRow(15), 0.9, 20_000, method: BootstrapMethod.Bca).Interval!;

        // Efron (1987): correlation 0.776, 90 % BCa 0.43 to 0.92.
        Assert.Equal(0.776, found.Estimate, 0.001);
        Assert.Equal(0.43, found.Low, 0.02);
        Assert.Equal(0.92, found.High, 0.01);
    }

    [Fact]
    public void It_is_the_formula_on_the_same_resamples()
    {
        var (labels, predictions) = (LawSchools.Labels, LawSchools.Predictions!);
        double Of(IEnumerable<int> rows) => Correlation.Compute(LawSchools.At([.. rows])).Value!.Value;
        var values = Enumerable.Range(0, 500).Select(resample =>
        {
            var random = new SplitMix(Bootstrap.DefaultSeed, resample);
            return Of([.. Enumerable.Range(0, 15).Select(_ => random.Below(15))]);
        }).Order().ToArray();
        var left = Enumerable.Range(0, 15).Select(out_ => Of(Enumerable.Range(0, 15).Where(row => row != out_))).ToArray();
        var (mean, estimate) = (left.Average(), Of(Enumerable.Range(0, 15)));
        var a = left.Sum(v => Math.Pow(mean - v, 3)) / (6 * Math.Pow(left.Sum(v => Math.Pow(mean - v, 2)), 1.5));
        var z0 = Normal.Quantile(values.Count(v => v < estimate) / 500.0);
        double End(double z) => Bootstrap.Quantile(values, 1 - Normal.Above(z0 + ((z0 + z) / (1 - (a * (z0 + z))))));

        var found = Bootstrap.Interval(Correlation, LawSchools, ResamplingUnits.ByRow(15), 0.9, 500, method: BootstrapMethod.Bca).Interval!;

        Assert.Equal(End(Normal.Quantile(0.05)), found.Low, 1e-9);
        Assert.Equal(End(Normal.Quantile(0.95)), found.High, 1e-9);
        Assert.Equal(labels.Count, predictions.Count);
    }

    [Fact]
    public void Of_many_rows_it_leaves_out_blocks_and_comes_to_the_same()
    {
        // A skewed error: the acceleration of a mean is a sixth of its skewness over the root of n, which for exponential errors is 1/3 / √n.
        var random = new Random(4);
        double[] errors = [.. Enumerable.Range(0, 5_000).Select(_ => -Math.Log(1 - random.NextDouble()))];
        var rows = new Observations(new double[5_000], predictions: errors);
        var metric = Metrics.Find("mean_absolute_error")!;

        var percentile = Bootstrap.Interval(metric, rows, ResamplingUnits.ByRow(5_000)).Interval!;
        var bca = Bootstrap.Interval(metric, rows, ResamplingUnits.ByRow(5_000), method: BootstrapMethod.Bca).Interval!;

        // Both ends move up by about (z² − 1) a standard errors and what the bias moves them.
        var error = 1 / Math.Sqrt(5_000);
        Assert.InRange(bca.High - percentile.High, -0.25 * error, 0.35 * error);
        Assert.InRange(bca.Low - percentile.Low, -0.25 * error, 0.35 * error);
        Assert.NotEqual(percentile, bca);
    }

    [Theory]
    [InlineData(BootstrapMethod.Percentile)]
    [InlineData(BootstrapMethod.Bca)]
    public void Where_all_resamples_agree_the_interval_is_a_point_with_a_caution(BootstrapMethod method)
    {
        var rows = new Observations([1, 0, 1, 0, 1, 0], predictions: [1, 0, 1, 0, 1, 0]);

        var result = Bootstrap.Interval(Metrics.Find("accuracy")!, rows, ResamplingUnits.ByRow(6), method: method);

        Assert.Equal((1.0, 1.0), (result.Interval!.Low, result.Interval.High));
        Assert.Equal("all resamples give the same value; what 6 rows or groups never show can still happen", result.Caution);
    }

    [Fact]
    public void Where_the_jackknife_has_no_value_it_is_the_percentile_with_a_caution()
    {
        var rows = new Observations([1, 0, 0, 0, 0, 0, 0, 0], [.5, .1, .6, .3, .4, .5, .6, .2]);

        var result = Bootstrap.Interval(Metrics.Find("roc_auc")!, rows, ResamplingUnits.ByRow(8), method: BootstrapMethod.Bca);

        Assert.Equal(Bootstrap.Interval(Metrics.Find("roc_auc")!, rows, ResamplingUnits.ByRow(8)).Interval, result.Interval);
        Assert.Contains("left out", result.Caution);
    }

    [Fact]
    public void Rows_may_weigh()
    {
        // Rows of weight 2 estimate what rows written twice do; the draw is of rows all the same.
        var rows = new Observations([1, 1, 0, 0, 1, 0], predictions: [1, 0, 0, 1, 1, 0], weights: [2, 1, 1, 1, 1, 1]);

        Assert.Equal(5.0 / 7, Bootstrap.Interval(Metrics.Find("accuracy")!, rows, ResamplingUnits.ByRow(6), method: BootstrapMethod.Bca).Interval!.Estimate, 1e-12);
    }

    [Fact]
    public void Counts_of_many_rows_are_Poissons()
    {
        var counts = new int[1_000_001];
        new SplitMix(3, 5).FillPoisson(counts);

        var share = Math.Exp(-1);
        for (var count = 0; count < 6; share /= ++count)
            Assert.Equal(share, counts.Count(c => c == count) / 1_000_001.0, 0.002);
        Assert.Equal(1, counts.Average(), 0.004);
    }

    [Fact]
    public void Many_rows_have_the_interval_of_the_textbook_and_the_same_on_any_number_of_threads()
    {
        var random = new Random(8);
        double[] labels = [.. Enumerable.Range(0, Bootstrap.Many).Select(_ => random.Next(5) == 0 ? 1.0 : 0)];
        var rows = new Observations(labels, labels.Select(label => (0.3 * label) + random.NextDouble()));
        var auc = Metrics.Find("roc_auc")!;

        var one = Bootstrap.Interval(auc, rows, ResamplingUnits.ByRow(rows.Count), resamples: 200).Interval!;

        Assert.Equal(one, Bootstrap.Interval(auc, rows, ResamplingUnits.ByRow(rows.Count), resamples: 200, threads: 2).Interval);
        var error = Math.Sqrt(DeLong.Compare(labels, rows.Scores!, rows.Scores!).FirstVariance);
        Assert.Equal(2 * 1.96 * error, one.High - one.Low, 0.5 * error);
        Assert.InRange(one.Estimate, one.Low, one.High);
    }
}
