using static Baton.Statistics.MetricNeeds;

namespace Baton.Statistics;

/// <summary>The table of metrics. <c>docs/contract/metrics.md</c> is this table for people; a test holds the two equal.</summary>
internal static class MetricTable
{
    private const double Infinite = double.PositiveInfinity;
    private const MetricNeeds Sets = LabelSets | PredictedSets;
    private const MetricNeeds Clusters = Labels | Classes;
    private const MetricNeeds Answers = Labels | Queries | Scores;
    private const MetricNeeds Values = Labels | Predictions;

    public static IReadOnlyList<MetricFacts> All { get; } =
    [
        .. Of("binary", [
            More("roc_auc", 0, 1, Labels | Scores, "share of pairs of a positive and a negative row that scores rank right, ties counting half"),
            More("roc_auc_max_fpr_X", 0, 1, Labels | Scores, "area under the ROC curve up to a false-positive rate of X, standardised so that chance gives 0.5 (McClish 1989)"),
            More("average_precision", 0, 1, Labels | Scores, "Σ (Rᵢ − Rᵢ₋₁) Pᵢ over falling thresholds, without interpolation"),
            More("precision_at_recall_X", 0, 1, Labels | Scores, "best precision of a threshold that finds at least the share X of the positives"),
            Less("brier_score", 0, 1, Labels | Scores, "mean of (score − label)²"),
            Less("expected_calibration_error", 0, 1, Labels | Scores, "Σ over ten bins of equal width of share · ǀmean score − share of positivesǀ (Naeini 2015); a bin holds its upper end"),
            Less("maximum_calibration_error", 0, 1, Labels | Scores, "the greatest of the ten gaps of expected_calibration_error"),
            More("f1", 0, 1, Labels | Classes, "2 TP / (2 TP + FP + FN)"),
            More("precision", 0, 1, Labels | Classes, "TP / (TP + FP)"),
            More("recall", 0, 1, Labels | Classes, "TP / (TP + FN)"),
            More("specificity", 0, 1, Labels | Classes, "TN / (TN + FP): recall of the negative class"),
            Less("positive_rate", 0, 1, Classes, "share of rows predicted positive; better neither way, bound it at both ends")
        ]),
        .. Of("binary, anomaly detection, ranking", [
            More("precision_at_K", 0, 1, Labels | Scores, "relevant (label above 0) of the K greatest scores, / K; with queries the mean over them; ties go against the model"),
            More("recall_at_K", 0, 1, Labels | Scores, "share of the relevant rows among the K greatest scores; with queries the mean over them, one without any counting 0; ties go against the model")
        ]),
        .. Of("binary, multiclass", [
            More("accuracy", 0, 1, Labels | Classes, "share of rows whose class is right"),
            Less("log_loss", 0, Infinite, Labels | Probabilities, "mean of −ln of the probability of the true class, clipped by the epsilon of float64"),
            More("balanced_accuracy", 0, 1, Labels | Classes, "mean recall of the classes that labels have"),
            More("matthews_corrcoef", -1, 1, Labels | Classes, "correlation of true and predicted class (Gorodkin 2004); 0 where either has one class only"),
            More("cohen_kappa", -1, 1, Labels | Classes, "(agreement − chance) / (1 − chance) (Cohen 1960)"),
            Less("expected_cost", double.NegativeInfinity, Infinite, Labels | Classes | Costs, "mean over rows of what their pair of true and predicted class costs")
        ]),
        .. Of("multiclass", [
            .. Averages("precision", "TP / (TP + FP) of a class"),
            .. Averages("recall", "TP / (TP + FN) of a class"),
            .. Averages("f1", "2 TP / (2 TP + FP + FN) of a class"),
            More("top_K_accuracy", 0, 1, Labels | ClassScores, "share of rows whose label is among the K classes of the greatest scores; of equal scores the later class counts as the greater"),
            More("roc_auc_ovr_macro", 0, 1, Labels | ClassScores, "mean roc_auc of each class against the rest"),
            More("roc_auc_ovr_weighted", 0, 1, Labels | ClassScores, "roc_auc of each class against the rest, by the weight of the class"),
            More("roc_auc_ovo_macro", 0, 1, Labels | ClassScores, "mean roc_auc of each pair of classes (Hand and Till 2001); weights of rows do not count"),
            More("roc_auc_ovo_weighted", 0, 1, Labels | ClassScores, "roc_auc of each pair of classes, by the rows of the pair; weights of rows do not count")
        ]),
        .. Of("multilabel", [
            More("subset_accuracy", 0, 1, Sets, "share of rows whose whole set is right"),
            Less("hamming_loss", 0, 1, Sets, "share of labels that are wrong, of all rows and labels"),
            .. SetAverages("jaccard", "TP / (TP + FP + FN)"),
            .. SetAverages("multilabel_f1", "2 TP / (2 TP + FP + FN)"),
            More("label_ranking_average_precision", 0, 1, LabelSets | LabelScores, "mean over true labels of the share of true labels among those ranked at or above it; 1 for a row with no true label, or all"),
            Less("coverage_error", 0, Infinite, LabelSets | LabelScores, "mean number of labels to go down to until all true ones are met; 0 for a row without")
        ]),
        .. Of("regression, forecasting", [
            Less("mean_absolute_error", 0, Infinite, Values, "mean of ǀlabel − predictionǀ"),
            Less("mean_squared_error", 0, Infinite, Values, "mean of (label − prediction)²"),
            Less("root_mean_squared_error", 0, Infinite, Values, "√ mean_squared_error"),
            Less("median_absolute_error", 0, Infinite, Values, "median of ǀlabel − predictionǀ"),
            Less("max_error", 0, Infinite, Values, "greatest ǀlabel − predictionǀ"),
            Less("mean_absolute_percentage_error", 0, Infinite, Values, "mean of ǀlabel − predictionǀ / max(ǀlabelǀ, ε), as a share"),
            Less("mean_squared_log_error", 0, Infinite, Values, "mean of (ln(1 + label) − ln(1 + prediction))²"),
            Less("mean_poisson_deviance", 0, Infinite, Values, "mean of 2 (y ln(y / p) − y + p)"),
            Less("mean_gamma_deviance", 0, Infinite, Values, "mean of 2 (ln(p / y) + y / p − 1)"),
            Less("mean_pinball_loss_X", 0, Infinite, Values, "mean of X (y − p) where y ≥ p, else (1 − X)(p − y): least for the quantile X"),
            More("r2", double.NegativeInfinity, 1, Values, "1 − Σ (y − p)² / Σ (y − mean y)²"),
            More("explained_variance", double.NegativeInfinity, 1, Values, "1 − Var(y − p) / Var(y)"),
            More("pearson", -1, 1, Values, "correlation of labels and predictions"),
            More("spearman", -1, 1, Values, "correlation of ranks; equal values share the mean of theirs")
        ]),
        .. Of("forecasting", [
            Less("smape", 0, 2, Values, "mean of 2 ǀy − pǀ / (ǀyǀ + ǀpǀ), 0 where both are 0, as a share (M4 shows it times 100)"),
            Less("wape", 0, Infinite, Values, "Σ ǀy − pǀ / Σ ǀyǀ"),
            Less("mase", 0, Infinite, Values | NaiveErrors, "mean of ǀy − pǀ / mean absolute error of the seasonal naive forecast on the history of the row's series (Hyndman and Koehler 2006)"),
            Less("rmsse", 0, Infinite, Values | NaiveErrors, "√ mean of (y − p)² / mean squared error of the seasonal naive forecast on the history of the row's series (M5)"),
            More("interval_coverage", 0, 1, Labels | Intervals, "share of labels within their predicted interval, ends included; bound it at both ends"),
            Less("mean_interval_width", 0, Infinite, Intervals, "mean of upper − lower end")
        ]),
        .. Of("ranking", [
            More("ndcg", 0, 1, Answers, "ndcg_at_K of all rows of a query"),
            More("ndcg_at_K", 0, 1, Answers, "mean over queries of DCG / ideal DCG, DCG = Σ label / log₂(1 + rank) to rank K; tied scores share the mean of their gains; 0 for a query without gain (ndcg_score)"),
            More("mean_reciprocal_rank", 0, 1, Answers, "mean over queries of 1 / rank of the first relevant row, 0 without one; ties go against the model"),
            More("mean_average_precision", 0, 1, Answers, "mean_average_precision_at_K of all rows of a query"),
            More("mean_average_precision_at_K", 0, 1, Answers, "mean over queries of Σ precision at each relevant rank up to K / min(K, relevant rows), 0 without one; ties go against the model"),
            More("hit_rate_at_K", 0, 1, Answers, "share of queries with a relevant row among the K greatest scores; ties go against the model")
        ]),
        .. Of("clustering", [
            More("adjusted_rand", -0.5, 1, Clusters, "agreement on pairs of rows beyond chance (Hubert and Arabie 1985); takes no weights"),
            More("normalized_mutual_info", 0, 1, Clusters, "mutual information / mean of both entropies"),
            More("homogeneity", 0, 1, Clusters, "1 − H(label ǀ cluster) / H(label); 1 where labels are all one"),
            More("completeness", 0, 1, Clusters, "1 − H(cluster ǀ label) / H(cluster); 1 where clusters are all one"),
            More("v_measure", 0, 1, Clusters, "harmonic mean of homogeneity and completeness (Rosenberg and Hirschberg 2007)"),
            More("silhouette", -1, 1, Predictions | Features, "mean of (b − a) / max(a, b): a the mean distance to the own cluster, b to the nearest other (Rousseeuw 1987); 0 for a row alone; at most 20,000 rows"),
            Less("davies_bouldin", 0, Infinite, Predictions | Features, "mean over clusters of the worst (sᵢ + sⱼ) / dᵢⱼ: s the mean distance to the centre, d between centres (1979)"),
            More("calinski_harabasz", 0, Infinite, Predictions | Features, "(between-cluster squares / (k − 1)) / (within-cluster squares / (n − k)) (1974)")
        ]),
        .. Of("fairness of a binary classifier", [
            Less("demographic_parity_difference", 0, 1, Classes | Sensitive, "greatest less least share predicted positive, over the values of the sensitive column (Fairlearn)"),
            More("demographic_parity_ratio", 0, 1, Classes | Sensitive, "least over greatest share predicted positive (Fairlearn)"),
            Less("equalized_odds_difference", 0, 1, Labels | Classes | Sensitive, "the greater of the differences of true- and of false-positive rates (Fairlearn)"),
            Less("equal_opportunity_difference", 0, 1, Labels | Classes | Sensitive, "greatest less least true-positive rate (Fairlearn)")
        ]),
    ];

    private static IEnumerable<MetricFacts> Of(string tasks, IEnumerable<MetricFacts> metrics) => metrics.Select(facts => facts with { Tasks = tasks });

    private static IEnumerable<MetricFacts> Averages(string name, string of) =>
    [
        More($"{name}_macro", 0, 1, Labels | Classes, $"mean over classes of {of}; 0 / 0 is 0"),
        More($"{name}_micro", 0, 1, Labels | Classes, $"{of}, counted over all classes together: the share of rows that is right"),
        More($"{name}_weighted", 0, 1, Labels | Classes, $"{of}, by the true weight of the class; 0 / 0 is 0"),
    ];

    private static IEnumerable<MetricFacts> SetAverages(string name, string of) =>
    [
        More($"{name}_macro", 0, 1, Sets, $"mean over labels of {of}; 0 / 0 is 0"),
        More($"{name}_micro", 0, 1, Sets, $"{of}, counted over all labels together; 0 / 0 is 0"),
        More($"{name}_weighted", 0, 1, Sets, $"{of} of each label, by how often it is true; 0 / 0 is 0"),
        More($"{name}_samples", 0, 1, Sets, $"mean over rows of {of}; 0 / 0 is 0"),
    ];

    private static MetricFacts More(string name, double lowest, double highest, MetricNeeds needs, string definition) =>
        new(name, "", GreaterIsBetter: true, lowest, highest, needs, definition);

    private static MetricFacts Less(string name, double lowest, double highest, MetricNeeds needs, string definition) =>
        new(name, "", GreaterIsBetter: false, lowest, highest, needs, definition);
}
