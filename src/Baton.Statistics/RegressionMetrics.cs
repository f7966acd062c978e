namespace Baton.Statistics;

/// <summary>Metrics of regression.</summary>
internal static class RegressionMetrics
{
    public static IReadOnlyList<Metric> All { get; } =
    [
        new SumMetric("mean_absolute_error", false, 2, Refuse, o => Residual(o, Math.Abs), s => MetricValue.Of(s[1] / s[0])),
        new SumMetric("root_mean_squared_error", false, 2, Refuse, o => Residual(o, r => r * r), s => MetricValue.Of(Math.Sqrt(s[1] / s[0]))),
        new SumMetric("r2", true, 4, Refuse, SumsOfSquares, R2),
    ];

    private static string? Refuse(Observations observations) => observations.PredictionArray is null ? "there are no predictions" : null;

    private static RowTerms Residual(Observations observations, Func<double, double> of)
    {
        var (labels, predictions) = (observations.LabelArray, observations.PredictionArray!);
        return (row, terms) => terms[1] = of(labels[row] - predictions[row]);
    }

    /// <summary>
    /// Slots: 1 labels and 2 their squares, both about the mean of all rows (else their difference would cancel), 3 squared residuals.
    /// </summary>
    private static RowTerms SumsOfSquares(Observations observations)
    {
        var (labels, predictions) = (observations.LabelArray, observations.PredictionArray!);
        var mean = labels.Average();
        return (row, terms) =>
        {
            var (centred, residual) = (labels[row] - mean, labels[row] - predictions[row]);
            terms[1] = centred;
            terms[2] = centred * centred;
            terms[3] = residual * residual;
        };
    }

    private static MetricValue R2(ReadOnlySpan<double> sums)
    {
        var spread = sums[2] - (sums[1] * sums[1] / sums[0]);
        // What is left of equal labels after rounding is no spread.
        return spread <= 1e-14 * sums[2]
            ? MetricValue.Undefined("all labels are equal; r2 needs labels that differ")
            : MetricValue.Of(1 - (sums[3] / spread));
    }
}
