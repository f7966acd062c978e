using System.Globalization;

namespace Baton.Statistics;

/// <summary>The metrics, by name.</summary>
public static class Metrics
{
    private static readonly (string Before, string After, Func<string, double, Metric?> Make)[] Families =
    [
        ("roc_auc_max_fpr_", "", BinaryMetrics.PartialRocArea),
        ("precision_at_recall_", "", BinaryMetrics.PrecisionAtRecall),
        ("top_", "_accuracy", MulticlassMetrics.TopAccuracy),
        ("mean_pinball_loss_", "", RegressionMetrics.PinballLoss),
        ("precision_at_", "", BinaryMetrics.TopPrecision),
        ("recall_at_", "", BinaryMetrics.TopRecall),
        ("ndcg_at_", "", Ranking),
        ("mean_average_precision_at_", "", Ranking),
        ("hit_rate_at_", "", Ranking),
    ];

    /// <summary>Those without a number in their name, of every kind of task.</summary>
    public static IReadOnlyList<Metric> All { get; } =
    [
        .. BinaryMetrics.All, .. MulticlassMetrics.All, .. RegressionMetrics.All, .. RankingMetrics.All, .. MultilabelMetrics.All,
        .. ForecastMetrics.All, .. ClusterMetrics.All, .. FairnessMetrics.All,
    ];

    /// <summary>What every metric and every family of metrics is: tasks, direction, range, needs, definition.</summary>
    public static IReadOnlyList<MetricFacts> Table => MetricTable.All;

    /// <summary>Every name that <see cref="Find"/> knows; <c>X</c> and <c>K</c> stand for numbers.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. All.Select(metric => metric.Name), .. MetricTable.All.Select(facts => facts.Name).Except(All.Select(metric => metric.Name))];

    /// <summary>
    /// The metric of scikit-learn's name (<c>roc_auc</c>, <c>mean_absolute_error</c>, <c>top_2_accuracy</c> …); null for an unknown one, or for a number
    /// that the metric cannot have.
    /// </summary>
    public static Metric? Find(string name) => All.FirstOrDefault(m => m.Name == name) ?? OfFamily(name);

    private static Metric? Ranking(string name, double count) => RankingMetrics.Count(count) is { } k ? RankingMetrics.Find(name, k) : null;

    private static Metric? OfFamily(string name)
    {
        foreach (var (before, after, make) in Families)
        {
            if (name.Length > before.Length + after.Length && name.StartsWith(before, StringComparison.Ordinal) && name.EndsWith(after, StringComparison.Ordinal)
                && double.TryParse(name.AsSpan(before.Length..^after.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
                return make(name, number);
        }

        return null;
    }
}
