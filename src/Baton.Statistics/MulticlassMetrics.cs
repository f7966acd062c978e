namespace Baton.Statistics;

/// <summary>Metrics of classification into any number of classes; classes of labels and predictions are numbers.</summary>
internal static class MulticlassMetrics
{
    private const double SumTolerance = 1e-5;

    public static IReadOnlyList<Metric> All { get; } =
    [
        OfConfusion("balanced_accuracy", c => c.BalancedAccuracy()),
        OfConfusion("matthews_corrcoef", c => c.MatthewsCorrelation()),
        OfConfusion("cohen_kappa", c => c.CohenKappa()),
        .. Averages("precision", (right, predicted, _) => Share(right, predicted)),
        .. Averages("recall", (right, _, truth) => Share(right, truth)),
        .. Averages("f1", (right, predicted, truth) => Share(2 * right, predicted + truth)),
        new RowMetric("roc_auc_ovr_macro", RefuseClassScores, o => OneAgainstRest(o, byPrevalence: false)),
        new RowMetric("roc_auc_ovr_weighted", RefuseClassScores, o => OneAgainstRest(o, byPrevalence: true)),
        new RowMetric("roc_auc_ovo_macro", RefuseClassScores, o => OneAgainstOne(o, byPrevalence: false)),
        new RowMetric("roc_auc_ovo_weighted", RefuseClassScores, o => OneAgainstOne(o, byPrevalence: true)),
    ];

    /// <summary>Share of rows whose label is among so many classes of the greatest scores; null for another number than 1 to 1,000,000.</summary>
    public static Metric? TopAccuracy(string name, double count) => RankingMetrics.Count(count) is not { } k
        ? null
        : new SumMetric(name, 2, RefuseClassScores, o => Top(o, k), s => MetricValue.Of(s[1] / s[0]));

    /// <summary>Why class scores are no distributions over the labels' classes; null where they are.</summary>
    public static string? RefuseDistributions(Observations observations)
    {
        if (RefuseClassScores(observations) is { } reason)
            return reason;
        var bad = Array.FindIndex(observations.ClassScoreRows!, row => row.Any(score => score is < 0 or > 1) || Math.Abs(row.Sum() - 1) > SumTolerance);
        return bad < 0 ? null : $"the class scores of row {bad} (counted from 0) are no probabilities that add up to 1";
    }

    private static string? RefuseClassScores(Observations observations)
    {
        var rows = observations.ClassScoreRows!;
        var bad = Array.FindIndex(observations.LabelArray, label => label != Math.Floor(label) || label < 0 || label >= rows[0].Length);
        return bad < 0
            ? null
            : FormattableString.Invariant($"the label of row {bad} (counted from 0) is {observations.LabelArray[bad]}; with {rows[0].Length} class scores it is 0 to {rows[0].Length - 1}");
    }

    private static RowMetric OfConfusion(string name, Func<Confusion, MetricValue> measure) => new(name, _ => null, o => Confusion.Bind(o, measure));

    private static IEnumerable<Metric> Averages(string name, Func<double, double, double, double> ofClass) =>
        new[] { "macro", "micro", "weighted" }.Select(average => OfConfusion($"{name}_{average}", c => c.Averaged(average, ofClass)));

    /// <summary>A class that nobody predicts, or that no label has, counts 0, as scikit-learn does by default.</summary>
    private static double Share(double part, double whole) => whole == 0 ? 0 : part / whole;

    private static RowTerms Top(Observations observations, int count)
    {
        var (labels, rows) = (observations.LabelArray, observations.ClassScoreRows!);
        return (row, terms) =>
        {
            var label = (int)labels[row];
            var score = rows[row][label];
            // Of equal scores the later class ranks higher: scikit-learn sorts stably and reads from the end.
            var ahead = rows[row].Index().Count(other => other.Item > score || (other.Item == score && other.Index > label));
            terms[1] = ahead < count ? 1 : 0;
        };
    }

    private static FromRows OneAgainstRest(Observations observations, bool byPrevalence)
    {
        var (labels, orders) = (observations.LabelArray, OrdersByClass(observations));
        return weights =>
        {
            var (sum, all) = (0.0, 0.0);
            for (var c = 0; c < orders.Length; c++)
            {
                var positive = c;
                var curve = orders[c].Curve(weights, row => labels[row] == positive);
                if (curve.RocArea().Value is not { } area)
                    return MetricValue.Undefined($"the labels are all or none of class {c}; a ranking of every class needs rows in and outside it");
                var share = byPrevalence ? curve.Positives[^1] : 1;
                (sum, all) = (sum + (share * area), all + share);
            }

            return MetricValue.Of(sum / all);
        };
    }

    /// <summary>
    /// Mean over pairs of classes (Hand and Till 2001). Weights of rows do not count, as in scikit-learn; how often a resample drew a row does.
    /// </summary>
    private static FromRows OneAgainstOne(Observations observations, bool byPrevalence)
    {
        var (labels, orders, given) = (observations.LabelArray, OrdersByClass(observations), observations.WeightArray);
        return weights =>
        {
            var draws = weights.ToArray();
            for (var row = 0; row < draws.Length && given is not null; row++)
                draws[row] = given[row] == 0 ? 0 : draws[row] / given[row];
            var (sum, all) = (0.0, 0.0);
            for (var a = 0; a < orders.Length; a++)
            {
                for (var b = a + 1; b < orders.Length; b++)
                {
                    var (first, second) = (a, b);
                    var pair = draws.Select((draw, row) => labels[row] == first || labels[row] == second ? draw : 0).ToArray();
                    var forth = orders[a].Curve(pair, row => labels[row] == first).RocArea();
                    var back = orders[b].Curve(pair, row => labels[row] == second).RocArea();
                    if (forth.Value is not { } one || back.Value is not { } other)
                        return MetricValue.Undefined($"there are no rows of class {a} or of class {b}; a ranking of every pair needs both");
                    var share = byPrevalence ? pair.Sum() : 1;
                    (sum, all) = (sum + (share * (one + other) / 2), all + share);
                }
            }

            return MetricValue.Of(sum / all);
        };
    }

    private static ScoreOrder[] OrdersByClass(Observations observations) =>
    [
        .. Enumerable.Range(0, observations.ClassScoreRows![0].Length).Select(c => new ScoreOrder(Array.ConvertAll(observations.ClassScoreRows, row => row[c]))),
    ];
}
