namespace Baton.Statistics;

/// <summary>Metrics of forecasts that regression has not.</summary>
internal static class ForecastMetrics
{
    public static IReadOnlyList<Metric> All { get; } =
    [
        Mean("smape", _ => null, o => Errors(o, (label, prediction, row) => label == prediction ? 0 : 2 * Math.Abs(label - prediction) / (Math.Abs(label) + Math.Abs(prediction)))),
        new SumMetric("wape", 3, _ => null, Absolute, s => s[2] == 0 ? MetricValue.Undefined("every label is 0; wape divides by their sum") : MetricValue.Of(s[1] / s[2])),
        Mean("mase", o => RefuseScale(o, scale => scale.Absolute), o => Errors(o, (label, prediction, row) => Math.Abs(label - prediction) / o.NaiveScales![row].Absolute)),
        new SumMetric("rmsse", 2, o => RefuseScale(o, scale => scale.Squared),
            o => Errors(o, (label, prediction, row) => (label - prediction) * (label - prediction) / o.NaiveScales![row].Squared), s => MetricValue.Of(Math.Sqrt(s[1] / s[0]))),
        Mean("interval_coverage", _ => null, o => (row, terms) => terms[1] = o.LabelArray[row] >= o.Intervals![row].Low && o.LabelArray[row] <= o.Intervals[row].High ? 1 : 0),
        Mean("mean_interval_width", _ => null, o => (row, terms) => terms[1] = o.Intervals![row].High - o.Intervals[row].Low),
    ];

    private static SumMetric Mean(string name, Func<Observations, string?> refuse, Func<Observations, RowTerms> bind) =>
        new(name, 2, refuse, bind, s => MetricValue.Of(s[1] / s[0]));

    private static RowTerms Errors(Observations observations, Func<double, double, int, double> of)
    {
        var (labels, predictions) = (observations.LabelArray, observations.PredictionArray!);
        return (row, terms) => terms[1] = of(labels[row], predictions[row], row);
    }

    private static RowTerms Absolute(Observations observations)
    {
        var (labels, predictions) = (observations.LabelArray, observations.PredictionArray!);
        return (row, terms) => (terms[1], terms[2]) = (Math.Abs(labels[row] - predictions[row]), Math.Abs(labels[row]));
    }

    private static string? RefuseScale(Observations observations, Func<NaiveScale, double> of)
    {
        var bad = observations.NaiveScales!.Index().FirstOrDefault(i => !(of(i.Item) > 0 && double.IsFinite(of(i.Item))), (-1, default));
        return bad.Index < 0
            ? null
            : FormattableString.Invariant($"the naive error of row {bad.Index} (counted from 0) is {of(bad.Item)}; a history that repeats itself gives no scale");
    }
}
