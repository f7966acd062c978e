using System.Globalization;
using Baton.Contracts.Yaml;

namespace Baton.Contracts;

/// <summary>A metric that a contract can bound.</summary>
/// <param name="Name">Name as scikit-learn spells it.</param>
/// <param name="GreaterIsBetter">Whether a greater value is the better one.</param>
/// <param name="Lowest">Least value it can take; negative infinity where there is none.</param>
/// <param name="Highest">Greatest value it can take; positive infinity where there is none.</param>
public sealed record MetricName(string Name, bool GreaterIsBetter, double Lowest, double Highest);

/// <summary>The metrics that a contract can bound.</summary>
public static class MetricNames
{
    private const double Infinite = double.PositiveInfinity;

    /// <summary>Every metric without a number in its name, of every kind of task.</summary>
    public static IReadOnlyList<MetricName> All { get; } =
    [
        .. Greater(0, 1, "roc_auc", "average_precision"),
        .. Less(1, "brier_score", "expected_calibration_error"),
        .. Less(Infinite, "log_loss"),
        .. Greater(0, 1, "accuracy", "f1", "precision", "recall"),
        .. Greater(0, 1, "balanced_accuracy"),
        .. Greater(-1, 1, "matthews_corrcoef", "cohen_kappa"),
        .. Greater(0, 1, "precision_macro", "precision_micro", "precision_weighted", "recall_macro", "recall_micro", "recall_weighted", "f1_macro", "f1_micro", "f1_weighted"),
        .. Less(Infinite, "mean_absolute_error", "mean_squared_error", "root_mean_squared_error", "median_absolute_error", "max_error"),
        .. Less(Infinite, "mean_absolute_percentage_error", "mean_squared_log_error", "mean_poisson_deviance", "mean_gamma_deviance"),
        .. Greater(double.NegativeInfinity, 1, "r2", "explained_variance"),
        .. Greater(-1, 1, "pearson", "spearman"),
        .. Greater(0, 1, "specificity"),
        .. Less(1, "positive_rate", "maximum_calibration_error"),
        new("expected_cost", GreaterIsBetter: false, double.NegativeInfinity, Infinite),
        .. Greater(0, 1, "roc_auc_ovr_macro", "roc_auc_ovr_weighted", "roc_auc_ovo_macro", "roc_auc_ovo_weighted"),
        .. Greater(0, 1, "subset_accuracy", "label_ranking_average_precision"),
        .. Greater(0, 1, "jaccard_macro", "jaccard_micro", "jaccard_weighted", "jaccard_samples"),
        .. Greater(0, 1, "multilabel_f1_macro", "multilabel_f1_micro", "multilabel_f1_weighted", "multilabel_f1_samples"),
        .. Less(1, "hamming_loss"),
        .. Less(Infinite, "coverage_error"),
        .. Less(2, "smape"),
        .. Less(Infinite, "wape", "mase", "rmsse", "mean_interval_width"),
        .. Greater(0, 1, "interval_coverage"),
        .. Greater(0, 1, "ndcg", "mean_reciprocal_rank", "mean_average_precision"),
        .. Greater(-0.5, 1, "adjusted_rand"),
        .. Greater(0, 1, "normalized_mutual_info", "homogeneity", "completeness", "v_measure"),
        .. Greater(-1, 1, "silhouette"),
        .. Less(Infinite, "davies_bouldin"),
        .. Greater(0, Infinite, "calinski_harabasz"),
        .. Less(1, "demographic_parity_difference", "equalized_odds_difference", "equal_opportunity_difference"),
        .. Greater(0, 1, "demographic_parity_ratio"),
    ];

    /// <summary>Every name that <see cref="Find"/> knows, but for <c>top_X_accuracy</c>; <c>X</c> stands for a number.</summary>
    public static IReadOnlyList<string> Written { get; } = [.. All.Select(m => m.Name), .. Families.Where(family => family.After.Length == 0).Select(family => family.Before + "X")];

    /// <summary>Metrics with a number in their name: up to which rate of false positives, at which recall, of which quantile, of how many at the top.</summary>
    private static (string Before, string After, bool Whole, MetricName Example)[] Families =>
    [
        ("roc_auc_max_fpr_", "", false, new("", GreaterIsBetter: true, 0, 1)),
        ("precision_at_recall_", "", false, new("", GreaterIsBetter: true, 0, 1)),
        ("mean_pinball_loss_", "", false, new("", GreaterIsBetter: false, 0, Infinite)),
        ("top_", "_accuracy", true, new("", GreaterIsBetter: true, 0, 1)),
        ("precision_at_", "", true, new("", GreaterIsBetter: true, 0, 1)),
        ("recall_at_", "", true, new("", GreaterIsBetter: true, 0, 1)),
        ("ndcg_at_", "", true, new("", GreaterIsBetter: true, 0, 1)),
        ("mean_average_precision_at_", "", true, new("", GreaterIsBetter: true, 0, 1)),
        ("hit_rate_at_", "", true, new("", GreaterIsBetter: true, 0, 1)),
    ];

    private static readonly Dictionary<string, string> OtherNames = new(StringComparer.OrdinalIgnoreCase)
    {
        ["auc"] = "roc_auc",
        ["auroc"] = "roc_auc",
        ["roc_auc_score"] = "roc_auc",
        ["ap"] = "average_precision",
        ["pr_auc"] = "average_precision",
        ["auprc"] = "average_precision",
        ["brier"] = "brier_score",
        ["brier_score_loss"] = "brier_score",
        ["cross_entropy"] = "log_loss",
        ["acc"] = "accuracy",
        ["accuracy_score"] = "accuracy",
        ["f1_score"] = "f1",
        ["mcc"] = "matthews_corrcoef",
        ["kappa"] = "cohen_kappa",
        ["ece"] = "expected_calibration_error",
        ["macro_f1"] = "f1_macro",
        ["micro_f1"] = "f1_micro",
        ["mse"] = "mean_squared_error",
        ["mape"] = "mean_absolute_percentage_error",
        ["medae"] = "median_absolute_error",
        ["msle"] = "mean_squared_log_error",
        ["map"] = "mean_average_precision",
        ["mrr"] = "mean_reciprocal_rank",
        ["nmi"] = "normalized_mutual_info",
        ["ari"] = "adjusted_rand",
        ["silhouette_score"] = "silhouette",
        ["hamming"] = "hamming_loss",
        ["mae"] = "mean_absolute_error",
        ["rmse"] = "root_mean_squared_error",
        ["r_squared"] = "r2",
        ["r2_score"] = "r2",
    };

    /// <summary>The metric of this name (<c>roc_auc</c>, <c>precision_at_recall_0.8</c>); null for an unknown one, or for a number that the metric cannot have.</summary>
    public static MetricName? Find(string name) => All.FirstOrDefault(m => m.Name == name) ?? OfFamily(name);

    /// <summary>The metric that an unknown name probably means (<c>auc</c>, <c>rmse</c>, a slip of the pen); null where none is likely.</summary>
    public static string? Suggest(string name) => OtherNames.GetValueOrDefault(name) ?? Spelling.Nearest(name, All.Select(m => m.Name));

    private static MetricName? OfFamily(string name)
    {
        foreach (var (before, after, whole, example) in Families)
        {
            if (name.Length > before.Length + after.Length && name.StartsWith(before, StringComparison.Ordinal) && name.EndsWith(after, StringComparison.Ordinal)
                && double.TryParse(name.AsSpan(before.Length..^after.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
                && (whole ? number is >= 1 and <= 1_000_000 && number == Math.Floor(number) : number is > 0 and < 1))
                return example with { Name = name };
        }

        return null;
    }

    private static IEnumerable<MetricName> Greater(double lowest, double highest, params string[] names) =>
        names.Select(name => new MetricName(name, GreaterIsBetter: true, lowest, highest));

    private static IEnumerable<MetricName> Less(double highest, params string[] names) => names.Select(name => new MetricName(name, GreaterIsBetter: false, 0, highest));
}
