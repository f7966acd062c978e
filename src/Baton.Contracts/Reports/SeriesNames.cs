namespace Baton.Contracts.Reports;

/// <summary>Names of <see cref="Series"/> that reports draw in a way of their own; others are lines over the labels of their points.</summary>
public static class SeriesNames
{
    /// <summary>X: rate of false positives, Y: rate of true positives; from (0, 0) to (1, 1).</summary>
    public const string Roc = "roc";

    /// <summary>X: recall, Y: precision.</summary>
    public const string PrecisionRecall = "precision_recall";

    /// <summary>X: mean score of a bin, Y: share of positives in it.</summary>
    public const string Calibration = "calibration";

    /// <summary>X: <c>true_negative</c>, <c>false_positive</c>, <c>false_negative</c>, <c>true_positive</c>; Y: rows.</summary>
    public const string Confusion = "confusion";

    /// <summary>X: upper end of a bin in the clause's unit, Y: how many fell into it.</summary>
    public const string Histogram = "histogram";

    /// <summary>Lower ends of the intervals of the series before it, point by point.</summary>
    public const string Low = "low";

    /// <summary>Upper ends of those intervals.</summary>
    public const string High = "high";

    /// <summary>The cells of <see cref="Confusion"/>, in order.</summary>
    public static IReadOnlyList<string> Cells { get; } = ["true_negative", "false_positive", "false_negative", "true_positive"];

    /// <summary>Series that are pictures of their own.</summary>
    public static IReadOnlyList<string> Pictures { get; } = [Roc, PrecisionRecall, Calibration, Confusion, Histogram];
}
