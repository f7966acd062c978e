namespace Baton.Statistics;

/// <summary>The metrics, by name.</summary>
public static class Metrics
{
    /// <summary>Those of binary classification, then those of regression.</summary>
    public static IReadOnlyList<Metric> All { get; } = [.. BinaryMetrics.All, .. RegressionMetrics.All];

    /// <summary>The metric of scikit-learn's name (<c>roc_auc</c>, <c>mean_absolute_error</c> …); null for an unknown one.</summary>
    public static Metric? Find(string name) => All.FirstOrDefault(m => m.Name == name);
}
