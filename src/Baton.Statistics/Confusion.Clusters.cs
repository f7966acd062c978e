namespace Baton.Statistics;

/// <content>Labels and clusters as two ways to part the same rows.</content>
internal sealed partial class Confusion
{
    /// <summary>Agreement on pairs of rows beyond chance (Hubert and Arabie 1985).</summary>
    public MetricValue AdjustedRand()
    {
        var together = Cells().Sum(Pairs);
        var (truths, clusters, all) = (_truth.Sum(Pairs), _predicted.Sum(Pairs), Pairs(Total));
        var chance = all == 0 ? 0 : truths * clusters / all;
        var most = (truths + clusters) / 2;
        // Both all in one, or both all apart: they part the rows alike.
        return MetricValue.Of(most == chance ? 1 : (together - chance) / (most - chance));

        static double Pairs(double n) => n * (n - 1) / 2;
    }

    /// <summary>Mutual information over the mean of both entropies.</summary>
    public MetricValue NormalizedMutualInformation()
    {
        var mean = (Entropy(_truth) + Entropy(_predicted)) / 2;
        return MetricValue.Of(mean == 0 ? 1 : Bounded(MutualInformation() / mean));
    }

    /// <summary>Whether clusters hold rows of one label each.</summary>
    public MetricValue Homogeneity() => MetricValue.Of(Explained(_truth));

    /// <summary>Whether labels lie in one cluster each.</summary>
    public MetricValue Completeness() => MetricValue.Of(Explained(_predicted));

    /// <summary>Harmonic mean of both.</summary>
    public MetricValue VMeasure()
    {
        var (homogeneous, complete) = (Explained(_truth), Explained(_predicted));
        return MetricValue.Of(homogeneous + complete == 0 ? 0 : 2 * homogeneous * complete / (homogeneous + complete));
    }

    private double Explained(double[] side) => Entropy(side) is var entropy and > 0 ? Bounded(MutualInformation() / entropy) : 1;

    private double Entropy(double[] side) => -side.Where(n => n > 0).Sum(n => n / Total * Math.Log(n / Total));

    private double MutualInformation()
    {
        var sum = 0.0;
        for (var truth = 0; truth < Classes; truth++)
        {
            for (var predicted = 0; predicted < Classes; predicted++)
            {
                var n = _weights[truth, predicted];
                if (n > 0)
                    sum += n / Total * Math.Log(n * Total / (_truth[truth] * _predicted[predicted]));
            }
        }

        return sum;
    }

    private IEnumerable<double> Cells() => _weights.Cast<double>();

    /// <summary>Rounding may leave a share slightly outside 0 to 1.</summary>
    private static double Bounded(double share) => Math.Clamp(share, 0, 1);
}
