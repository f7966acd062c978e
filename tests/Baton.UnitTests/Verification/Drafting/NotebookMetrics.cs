namespace Baton.UnitTests.Verification.Drafting;

/// <summary>Metrics by their definitions, as plain as can be: what a notebook would report.</summary>
internal static class NotebookMetrics
{
    public static Dictionary<string, double> Of(double[] labels, double[] scores) => new()
    {
        ["average_precision"] = AveragePrecision(labels, scores),
        ["brier_score"] = labels.Zip(scores).Average(p => (p.First - p.Second) * (p.First - p.Second)),
        ["log_loss"] = labels.Zip(scores).Average(p => -Math.Log(p.First > 0.5 ? p.Second : 1 - p.Second)),
        ["roc_auc"] = RocAuc(labels, scores),
    };

    /// <summary>Share of pairs of a positive and a negative in which the positive scores higher; ties count half.</summary>
    private static double RocAuc(double[] labels, double[] scores)
    {
        double won = 0, negativesBelow = 0;
        foreach (var tied in labels.Zip(scores).GroupBy(p => p.Second, p => p.First).OrderBy(g => g.Key))
        {
            double positives = tied.Count(l => l > 0.5), negatives = tied.Count() - positives;
            won += positives * (negativesBelow + negatives / 2);
            negativesBelow += negatives;
        }

        return won / ((labels.Length - negativesBelow) * negativesBelow);
    }

    /// <summary>Precision at every threshold, weighted by the gain in recall.</summary>
    private static double AveragePrecision(double[] labels, double[] scores)
    {
        double sum = 0, positivesAbove = 0, above = 0;
        foreach (var tied in labels.Zip(scores).GroupBy(p => p.Second, p => p.First).OrderByDescending(g => g.Key))
        {
            double positives = tied.Count(l => l > 0.5);
            positivesAbove += positives;
            above += tied.Count();
            sum += positives * positivesAbove / above;
        }

        return sum / positivesAbove;
    }
}
