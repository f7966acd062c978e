namespace Baton.Statistics;

/// <summary>Metrics of regression.</summary>
internal static class RegressionMetrics
{
    /// <summary>scikit-learn divides by the epsilon of float64 where a label is 0.</summary>
    private const double Epsilon = 2.220446049250313e-16;

    public static IReadOnlyList<Metric> All { get; } =
    [
        Mean("mean_absolute_error", Refuse, (label, prediction) => Math.Abs(label - prediction)),
        Mean("mean_squared_error", Refuse, (label, prediction) => Square(label - prediction)),
        new SumMetric("root_mean_squared_error", 2, Refuse, o => Term(o, (label, prediction) => Square(label - prediction)), s => MetricValue.Of(Math.Sqrt(s[1] / s[0]))),
        Mean("mean_absolute_percentage_error", Refuse, (label, prediction) => Math.Abs(label - prediction) / Math.Max(Math.Abs(label), Epsilon)),
        Mean("mean_squared_log_error", o => RefuseBelow(o, -1, labelsToo: true, "more than -1"), (label, prediction) => Square(double.LogP1(label) - double.LogP1(prediction))),
        Mean("mean_poisson_deviance", RefusePoisson, (label, prediction) => 2 * ((label == 0 ? 0 : label * Math.Log(label / prediction)) - label + prediction)),
        Mean("mean_gamma_deviance", o => RefuseBelow(o, 0, labelsToo: true, "more than 0"), (label, prediction) => 2 * (Math.Log(prediction / label) + (label / prediction) - 1)),
        new RowMetric("median_absolute_error", Refuse, MedianError),
        new RowMetric("max_error", Refuse, MaxError),
        new SumMetric("r2", 4, Refuse, SumsOfSquares, R2),
        new SumMetric("explained_variance", 5, Refuse, SumsOfSquares, ExplainedVariance),
        new RowMetric("pearson", Refuse, o => Correlation(o.LabelArray, o.PredictionArray!)),
        new RowMetric("spearman", Refuse, RankCorrelation),
    ];

    /// <summary>Pinball loss of a quantile, which a forecast of that quantile keeps least.</summary>
    public static Metric? PinballLoss(string name, double quantile) => quantile is > 0 and < 1
        ? Mean(name, Refuse, (label, prediction) => label >= prediction ? quantile * (label - prediction) : (1 - quantile) * (prediction - label))
        : null;

    private static SumMetric Mean(string name, Func<Observations, string?> refuse, Func<double, double, double> term) =>
        new(name, 2, refuse, o => Term(o, term), s => MetricValue.Of(s[1] / s[0]));

    private static string? Refuse(Observations observations) => null;

    private static string? RefusePoisson(Observations observations)
    {
        if (Refuse(observations) is { } reason)
            return reason;
        var bad = Array.FindIndex(observations.LabelArray, label => label < 0);
        return bad >= 0
            ? FormattableString.Invariant($"the label of row {bad} (counted from 0) is {observations.LabelArray[bad]}; a count is 0 or more")
            : RefuseBelow(observations, 0, labelsToo: false, "more than 0");
    }

    private static string? RefuseBelow(Observations observations, double bound, bool labelsToo, string expected)
    {
        if (Refuse(observations) is { } reason)
            return reason;
        var bad = Array.FindIndex(observations.PredictionArray!, value => value <= bound);
        if (bad >= 0)
            return FormattableString.Invariant($"the prediction of row {bad} (counted from 0) is {observations.PredictionArray![bad]}; expected {expected}");
        bad = labelsToo ? Array.FindIndex(observations.LabelArray, value => value <= bound) : -1;
        return bad < 0
            ? null
            : FormattableString.Invariant($"the label of row {bad} (counted from 0) is {observations.LabelArray[bad]}; expected {expected}");
    }

    private static double Square(double value) => value * value;

    private static RowTerms Term(Observations observations, Func<double, double, double> of)
    {
        var (labels, predictions) = (observations.LabelArray, observations.PredictionArray!);
        return (row, terms) => terms[1] = of(labels[row], predictions[row]);
    }

    private static FromRows MaxError(Observations observations)
    {
        var errors = Errors(observations);
        return weights =>
        {
            var most = 0.0;
            for (var row = 0; row < errors.Length; row++)
            {
                if (weights[row] > 0)
                    most = Math.Max(most, errors[row]);
            }

            return MetricValue.Of(most);
        };
    }

    /// <summary>The value that half of the weight does not exceed; the mean of two where the half falls exactly between them.</summary>
    private static FromRows MedianError(Observations observations)
    {
        var errors = Errors(observations);
        var order = Enumerable.Range(0, errors.Length).OrderBy(row => errors[row]).ToArray();
        return weights =>
        {
            var (half, sum) = (0.0, 0.0);
            foreach (var weight in weights)
                half += weight;
            half /= 2;
            double? below = null;
            foreach (var row in order)
            {
                if (weights[row] == 0)
                    continue;
                if (below is { } lower)
                    return MetricValue.Of((lower + errors[row]) / 2);
                sum += weights[row];
                if (sum > half)
                    return MetricValue.Of(errors[row]);
                if (sum == half)
                    below = errors[row];
            }

            return MetricValue.Of(below ?? 0);
        };
    }

    private static double[] Errors(Observations observations) =>
        [.. observations.LabelArray.Zip(observations.PredictionArray!, (label, prediction) => Math.Abs(label - prediction))];

    /// <summary>Pearson's correlation; two passes, so that large means do not cancel.</summary>
    private static FromRows Correlation(double[] first, double[] second) => weights => Correlation(first, second, weights);

    private static MetricValue Correlation(ReadOnlySpan<double> first, ReadOnlySpan<double> second, ReadOnlySpan<double> weights)
    {
        double weight = 0, meanFirst = 0, meanSecond = 0;
        for (var row = 0; row < weights.Length; row++)
        {
            weight += weights[row];
            meanFirst += weights[row] * first[row];
            meanSecond += weights[row] * second[row];
        }

        (meanFirst, meanSecond) = (meanFirst / weight, meanSecond / weight);
        double cross = 0, squaresFirst = 0, squaresSecond = 0;
        double greatestFirst = 0, greatestSecond = 0;
        for (var row = 0; row < weights.Length; row++)
        {
            greatestFirst = Math.Max(greatestFirst, Math.Abs(first[row]));
            greatestSecond = Math.Max(greatestSecond, Math.Abs(second[row]));
            var (a, b) = (first[row] - meanFirst, second[row] - meanSecond);
            cross += weights[row] * a * b;
            squaresFirst += weights[row] * a * a;
            squaresSecond += weights[row] * b * b;
        }

        // What is left of equal values after rounding is no spread.
        var equalFirst = squaresFirst <= 1e-28 * weight * greatestFirst * greatestFirst;
        return equalFirst || squaresSecond <= 1e-28 * weight * greatestSecond * greatestSecond
            ? MetricValue.Undefined($"all {(equalFirst ? "labels" : "predictions")} are equal; a correlation needs values that differ")
            : MetricValue.Of(Math.Clamp(cross / Math.Sqrt(squaresFirst * squaresSecond), -1, 1));
    }

    /// <summary>Correlation of ranks; equal values share the mean of their ranks, and a row drawn twice takes two of them.</summary>
    private static FromRows RankCorrelation(Observations observations)
    {
        var (labels, predictions) = (observations.LabelArray, observations.PredictionArray!);
        var (byLabel, byPrediction) = (Order(labels), Order(predictions));
        return weights => Correlation(Ranks(labels, byLabel, weights), Ranks(predictions, byPrediction, weights), weights);

        static int[] Order(double[] values) => [.. Enumerable.Range(0, values.Length).OrderBy(row => values[row])];
    }

    private static double[] Ranks(double[] values, int[] order, ReadOnlySpan<double> weights)
    {
        var ranks = new double[values.Length];
        var before = 0.0;
        for (var start = 0; start < order.Length;)
        {
            var (end, block) = (start, 0.0);
            for (; end < order.Length && values[order[end]] == values[order[start]]; end++)
                block += weights[order[end]];
            for (var i = start; i < end; i++)
                ranks[order[i]] = before + ((block + 1) / 2);
            before += block;
            start = end;
        }

        return ranks;
    }

    /// <summary>
    /// Slots: 1 labels and 2 their squares, both about the mean of all rows (else their difference would cancel), 3 squared residuals, 4 residuals.
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
            if (terms.Length > 4)
                terms[4] = residual;
        };
    }

    private static MetricValue R2(ReadOnlySpan<double> sums) => OfSpread(sums, sums[3], "r2");

    private static MetricValue ExplainedVariance(ReadOnlySpan<double> sums) =>
        OfSpread(sums, sums[3] - (sums[4] * sums[4] / sums[0]), "explained_variance");

    private static MetricValue OfSpread(ReadOnlySpan<double> sums, double unexplained, string name)
    {
        var spread = sums[2] - (sums[1] * sums[1] / sums[0]);
        // What is left of equal labels after rounding is no spread.
        return spread <= 1e-14 * sums[2]
            ? MetricValue.Undefined($"all labels are equal; {name} needs labels that differ")
            : MetricValue.Of(1 - (unexplained / spread));
    }
}
