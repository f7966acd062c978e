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
    /// <summary>Every metric: those of binary classification, then those of regression.</summary>
    public static IReadOnlyList<MetricName> All { get; } =
    [
        new("roc_auc", GreaterIsBetter: true, 0, 1),
        new("average_precision", GreaterIsBetter: true, 0, 1),
        new("brier_score", GreaterIsBetter: false, 0, 1),
        new("log_loss", GreaterIsBetter: false, 0, double.PositiveInfinity),
        new("accuracy", GreaterIsBetter: true, 0, 1),
        new("f1", GreaterIsBetter: true, 0, 1),
        new("precision", GreaterIsBetter: true, 0, 1),
        new("recall", GreaterIsBetter: true, 0, 1),
        new("mean_absolute_error", GreaterIsBetter: false, 0, double.PositiveInfinity),
        new("root_mean_squared_error", GreaterIsBetter: false, 0, double.PositiveInfinity),
        new("r2", GreaterIsBetter: true, double.NegativeInfinity, 1),
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
        ["mae"] = "mean_absolute_error",
        ["rmse"] = "root_mean_squared_error",
        ["r_squared"] = "r2",
        ["r2_score"] = "r2",
    };

    /// <summary>The metric of this name; null for an unknown one.</summary>
    public static MetricName? Find(string name) => All.FirstOrDefault(m => m.Name == name);

    /// <summary>The metric that an unknown name probably means (<c>auc</c>, <c>rmse</c>, a slip of the pen); null where none is likely.</summary>
    public static string? Suggest(string name) => OtherNames.GetValueOrDefault(name) ?? Spelling.Nearest(name, All.Select(m => m.Name));
}
