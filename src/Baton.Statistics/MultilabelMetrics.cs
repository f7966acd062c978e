namespace Baton.Statistics;

/// <summary>Metrics of rows with any number of labels each, as scikit-learn has them; a class that 0 is divided by 0 for counts 0.</summary>
internal static class MultilabelMetrics
{
    public static IReadOnlyList<Metric> All { get; } =
    [
        OfRow("subset_accuracy", o => (truth, predicted) => truth.AsSpan().SequenceEqual(predicted) ? 1 : 0),
        OfRow("hamming_loss", o => (truth, predicted) => truth.Zip(predicted).Count(pair => pair.First != pair.Second) / (double)truth.Length),
        .. Averages("jaccard", (both, predicted, truth) => Share(both, predicted + truth - both)),
        .. Averages("multilabel_f1", (both, predicted, truth) => Share(2 * both, predicted + truth)),
        new SumMetric("label_ranking_average_precision", 2, _ => null, o => Scored(o, RankingPrecision), Mean),
        new SumMetric("coverage_error", 2, _ => null, o => Scored(o, Coverage), Mean),
    ];

    private static SumMetric OfRow(string name, Func<Observations, Func<double[], double[], double>> bind) => new(name, 2, _ => null, o =>
    {
        var (truth, predicted, of) = (o.TrueSets!, o.PredictedSets!, bind(o));
        return (row, terms) => terms[1] = of(truth[row], predicted[row]);
    }, Mean);

    private static IEnumerable<Metric> Averages(string name, Func<double, double, double, double> of) =>
    [
        Counted($"{name}_macro", labels => MetricValue.Of(labels.Average(l => of(l.Both, l.Predicted, l.Truth)))),
        Counted($"{name}_micro", labels => MetricValue.Of(of(labels.Sum(l => l.Both), labels.Sum(l => l.Predicted), labels.Sum(l => l.Truth)))),
        Counted($"{name}_weighted", labels => MetricValue.Of(Share(labels.Sum(l => l.Truth * of(l.Both, l.Predicted, l.Truth)), labels.Sum(l => l.Truth)))),
        OfRow($"{name}_samples", _ => (truth, predicted) => of(truth.Zip(predicted).Count(pair => pair.First + pair.Second == 2), predicted.Sum(), truth.Sum())),
    ];

    /// <summary>Slots, three a label: true and predicted, predicted, true.</summary>
    private static SumMetric Counted(string name, Func<(double Both, double Predicted, double Truth)[], MetricValue> finish) => new(
        name, o => 1 + (3 * o.TrueSets![0].Length), _ => null, o =>
        {
            var (truth, predicted) = (o.TrueSets!, o.PredictedSets!);
            return (row, terms) =>
            {
                for (var label = 0; label < truth[row].Length; label++)
                {
                    terms[1 + (3 * label)] = truth[row][label] * predicted[row][label];
                    terms[2 + (3 * label)] = predicted[row][label];
                    terms[3 + (3 * label)] = truth[row][label];
                }
            };
        }, sums =>
        {
            var labels = new (double Both, double Predicted, double Truth)[sums.Length / 3];
            for (var label = 0; label < labels.Length; label++)
                labels[label] = (sums[1 + (3 * label)], sums[2 + (3 * label)], sums[3 + (3 * label)]);
            return finish(labels);
        });

    private static RowTerms Scored(Observations observations, Func<double[], double[], double> of)
    {
        var (truth, scores) = (observations.TrueSets!, observations.LabelScoreRows!);
        return (row, terms) => terms[1] = of(truth[row], scores[row]);
    }

    private static double RankingPrecision(double[] truth, double[] scores)
    {
        int[] relevant = [.. Enumerable.Range(0, truth.Length).Where(label => truth[label] == 1)];
        return relevant.Length == 0 || relevant.Length == truth.Length
            ? 1
            : relevant.Average(label => relevant.Count(other => scores[other] >= scores[label]) / (double)scores.Count(score => score >= scores[label]));
    }

    private static double Coverage(double[] truth, double[] scores)
    {
        double[] relevant = [.. scores.Where((_, label) => truth[label] == 1)];
        return relevant.Length == 0 ? 0 : scores.Count(score => score >= relevant.Min());
    }

    private static double Share(double part, double whole) => whole == 0 ? 0 : part / whole;

    private static MetricValue Mean(ReadOnlySpan<double> sums) => MetricValue.Of(sums[1] / sums[0]);
}
