using System.Globalization;
using Baton.Contracts;
using Baton.Contracts.Reports;
using Baton.Statistics;
using Baton.Verification.Clauses;
using Baton.Verification.Reference;
using Xunit;

namespace Baton.UnitTests.Verification.Clauses;

public sealed class CurvesTests
{
    [Fact]
    public void Four_rows_give_the_curves_worked_out_by_hand()
    {
        var curves = Curves.Of(Side([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]));

        Assert.Equal([("0", 0), ("0", 0.5), ("0.5", 0.5), ("0.5", 1), ("1", 1)], Points(curves, SeriesNames.Roc));
        Assert.Equal([("0.5", 1), ("0.5", 0.5), ("1", 0.6667), ("1", 0.5)], Points(curves, SeriesNames.PrecisionRecall));
        Assert.Equal([("0.1", 0), ("0.35", 1), ("0.4", 0), ("0.8", 1)], Points(curves, SeriesNames.Calibration));
        Assert.Equal([2d, 0, 1, 1], curves.Single(s => s.Name == SeriesNames.Confusion).Y.Select(y => y!.Value));
    }

    [Fact]
    public void The_area_under_the_thinned_curve_is_the_metric()
    {
        var random = new Random(7);
        var labels = Enumerable.Range(0, 20_000).Select(_ => random.NextDouble() < 0.2 ? 1d : 0d).ToArray();
        var scores = Array.ConvertAll(labels, l => Math.Clamp((0.2 * l) + (0.8 * random.NextDouble()), 0, 1));
        var roc = Points(Curves.Of(Side(labels, scores)), SeriesNames.Roc).Select(p => (X: double.Parse(p.X, CultureInfo.InvariantCulture), p.Y)).ToList();

        var area = roc.Zip(roc.Skip(1)).Sum(pair => (pair.Second.X - pair.First.X) * (pair.First.Y + pair.Second.Y) / 2);

        Assert.Equal(Metrics.Find("roc_auc")!.Compute(new Observations(labels, scores, null)).Value!.Value, area, 0.005);
        Assert.True(roc.Count <= 60);
    }

    [Fact]
    public void One_class_or_numbers_that_are_no_classes_give_none()
    {
        Assert.Empty(Curves.Of(Side([1, 1], [0.1, 0.2])));
        Assert.Empty(Curves.Of(Side([3.5, 1], [0.1, 0.2])));
    }

    private static MetricSide Side(double[] labels, double[] scores) =>
        new([.. Enumerable.Range(0, labels.Length).Select(i => $"{i}")], labels, null, new Answers(scores, null));

    private static List<(string X, double Y)> Points(IReadOnlyList<Series> curves, string name) =>
        curves.Single(s => s.Name == name) is var series ? [.. series.X.Zip(series.Y, (x, y) => (x, y!.Value))] : [];
}
