namespace Baton.Statistics;

/// <summary>Metrics of binary classification; labels are 0 or 1, and 1 is the positive class.</summary>
internal static class BinaryMetrics
{
    /// <summary>scikit-learn clips probabilities by the epsilon of float64 before it takes logarithms.</summary>
    private const double Epsilon = 2.220446049250313e-16;

    /// <summary>Bins of equal width that the calibration error compares in (Naeini et al. 2015); a bin holds its upper end.</summary>
    private const int Bins = 10;

    public static IReadOnlyList<Metric> All { get; } =
    [
        new RankMetric("roc_auc", RankSum.RocArea),
        new RankMetric("average_precision", RankSum.AveragePrecision),
        new SumMetric("brier_score", 2, RefuseProbabilities, Brier, Mean),
        new SumMetric("log_loss", 2, RefuseDistributions, LogLoss, Mean),
        new SumMetric("accuracy", 2, RefuseClasses, Accuracy, Mean),
        new SumMetric("f1", 4, RefuseBinaryClasses, Confusion,
            s => Ratio(2 * s[1], (2 * s[1]) + s[2] + s[3], "no row is positive, neither by label nor by prediction")),
        new SumMetric("precision", 4, RefuseBinaryClasses, Confusion,
            s => Ratio(s[1], s[1] + s[2], "no row is predicted positive")),
        new SumMetric("recall", 4, RefuseBinaryClasses, Confusion,
            s => Ratio(s[1], s[1] + s[3], "every label is 0; recall needs positive rows")),
        new SumMetric("specificity", 4, RefuseBinaryClasses, Confusion,
            s => Ratio(s[0] - s[1] - s[2] - s[3], s[0] - s[1] - s[3], "every label is 1; specificity needs negative rows")),
        new SumMetric("positive_rate", 2, RefusePredictions, Positive, Mean),
        new SumMetric("expected_cost", 2, RefuseCosts, Cost, Mean),
        new SumMetric("expected_calibration_error", 1 + Bins, RefuseProbabilities, ByBin, CalibrationError),
        new SumMetric("maximum_calibration_error", 1 + (2 * Bins), RefuseProbabilities, ByBin, WorstBin),
    ];

    /// <summary>Area under the ROC curve up to a rate of false positives, 0 to 1, standardised; null for another rate.</summary>
    public static Metric? PartialRocArea(string name, double rate) => rate is > 0 and < 1 ? new CurveMetric(name, curve => curve.PartialRocArea(rate)) : null;

    /// <summary>The best precision that keeps a recall, above 0 to 1; null for another recall.</summary>
    public static Metric? PrecisionAtRecall(string name, double recall) =>
        recall is > 0 and <= 1 ? new CurveMetric(name, curve => curve.PrecisionAtRecall(recall)) : null;

    /// <summary>Positives among so many rows of the greatest scores; null for another number than 1 to 1,000,000.</summary>
    public static Metric? TopPrecision(string name, double count) => TopRows(name, count, (curve, k) => curve.PrecisionAt(k));

    /// <summary>Share of the positives among so many rows of the greatest scores; null for another number than 1 to 1,000,000.</summary>
    public static Metric? TopRecall(string name, double count) => TopRows(name, count, (curve, k) => curve.RecallAt(k));

    private static Metric? TopRows(string name, double count, Func<RankCurve, int, MetricValue> measure) => RankingMetrics.Count(count) is not { } k
        ? null
        : new EitherMetric(name, RankingMetrics.Find(name, k), new CurveMetric(name, curve => measure(curve, k)));

    /// <summary>Why the labels are not binary; null where they are.</summary>
    public static string? RefuseLabels(Observations observations) => RefuseOutside(observations.LabelArray, "label");

    private static string? RefuseDistributions(Observations observations) =>
        observations.ClassScoreRows is null ? RefuseProbabilities(observations) : MulticlassMetrics.RefuseDistributions(observations);

    /// <summary>Why scores are no probabilities of binary labels; null where they are.</summary>
    public static string? RefuseProbabilities(Observations observations)
    {
        var scores = observations.ScoreArray!;
        var bad = Array.FindIndex(scores, score => score is < 0 or > 1);
        return bad >= 0
            ? FormattableString.Invariant($"the score of row {bad} (counted from 0) is {scores[bad]}, which is no probability")
            : RefuseLabels(observations);
    }

    /// <summary>Why the predicted classes are not binary; null where they are.</summary>
    public static string? RefusePredictions(Observations observations) => RefuseOutside(observations.ClassArray(), "prediction");

    /// <summary>Classes given are compared as they are, so there may be more than two; classes made from scores are 0 and 1.</summary>
    private static string? RefuseClasses(Observations observations) =>
        observations.PredictionArray is null && observations.ClassScoreRows is null ? RefuseLabels(observations) : null;

    /// <summary>Why labels or predicted classes are not binary; null where they are.</summary>
    public static string? RefuseBinaryClasses(Observations observations) =>
        RefuseLabels(observations) ?? RefusePredictions(observations);

    private static string? RefuseOutside(double[] column, string name)
    {
        var bad = Array.FindIndex(column, value => value is not (0 or 1));
        return bad < 0
            ? null
            : FormattableString.Invariant($"the {name} of row {bad} (counted from 0) is {column[bad]}; a binary metric needs 0 or 1");
    }

    private static RowTerms Brier(Observations observations)
    {
        var (labels, scores) = (observations.LabelArray, observations.ScoreArray!);
        return (row, terms) => terms[1] = (scores[row] - labels[row]) * (scores[row] - labels[row]);
    }

    private static RowTerms LogLoss(Observations observations)
    {
        if (observations.ClassScoreRows is { } rows)
            return (row, terms) => terms[1] = -Math.Log(Math.Clamp(rows[row][(int)observations.LabelArray[row]], Epsilon, 1 - Epsilon));
        var (labels, scores) = (observations.LabelArray, observations.ScoreArray!);
        return (row, terms) => terms[1] = -Math.Log(Math.Clamp(labels[row] == 1 ? scores[row] : 1 - scores[row], Epsilon, 1 - Epsilon));
    }

    private static RowTerms Accuracy(Observations observations)
    {
        var (labels, classes) = (observations.LabelArray, observations.ClassArray());
        return (row, terms) => terms[1] = labels[row] == classes[row] ? 1 : 0;
    }

    /// <summary>Slots: 1 true positives, 2 false positives, 3 false negatives.</summary>
    private static RowTerms Confusion(Observations observations)
    {
        var (labels, classes) = (observations.LabelArray, observations.ClassArray());
        return (row, terms) =>
        {
            if (labels[row] == 1)
                terms[classes[row] == 1 ? 1 : 3] = 1;
            else if (classes[row] == 1)
                terms[2] = 1;
        };
    }

    /// <summary>Slots: 1 and on the scores of each bin, less its labels; then, where there is room, the rows of each.</summary>
    private static RowTerms ByBin(Observations observations)
    {
        var (labels, scores) = (observations.LabelArray, observations.ScoreArray!);
        return (row, terms) =>
        {
            var bin = Calibration.Bin(scores[row], Bins);
            terms[1 + bin] = scores[row] - labels[row];
            if (terms.Length > 1 + Bins)
                terms[1 + Bins + bin] = 1;
        };
    }

    private static MetricValue CalibrationError(ReadOnlySpan<double> sums)
    {
        var gaps = 0.0;
        foreach (var gap in sums[1..])
            gaps += Math.Abs(gap);
        return MetricValue.Of(gaps / sums[0]);
    }

    private static MetricValue WorstBin(ReadOnlySpan<double> sums)
    {
        var worst = 0.0;
        for (var bin = 0; bin < Bins; bin++)
        {
            if (sums[1 + Bins + bin] > 0)
                worst = Math.Max(worst, Math.Abs(sums[1 + bin]) / sums[1 + Bins + bin]);
        }

        return MetricValue.Of(worst);
    }

    private static RowTerms Positive(Observations observations)
    {
        var classes = observations.ClassArray();
        return (row, terms) => terms[1] = classes[row];
    }

    private static string? RefuseCosts(Observations observations)
    {
        var classes = observations.Costs!.Classes;
        return Bad(observations.LabelArray, "label") ?? Bad(observations.ClassArray(), "prediction");

        string? Bad(double[] column, string name)
        {
            var bad = Array.FindIndex(column, value => !(value >= 0 && value < classes && value == Math.Floor(value)));
            return bad < 0
                ? null
                : FormattableString.Invariant($"the {name} of row {bad} (counted from 0) is {column[bad]}; the table of costs has classes 0 to {classes - 1}");
        }
    }

    private static RowTerms Cost(Observations observations)
    {
        var (labels, classes, costs) = (observations.LabelArray, observations.ClassArray(), observations.Costs!);
        return (row, terms) => terms[1] = costs[(int)labels[row], (int)classes[row]];
    }

    private static MetricValue Mean(ReadOnlySpan<double> sums) => MetricValue.Of(sums[1] / sums[0]);

    private static MetricValue Ratio(double part, double whole, string undefinedBecause) =>
        whole == 0 ? MetricValue.Undefined(undefinedBecause) : MetricValue.Of(part / whole);
}
