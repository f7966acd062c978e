namespace Baton.Statistics;

/// <summary>Metrics of clusters: against true labels, or by the features alone.</summary>
internal static class ClusterMetrics
{
    private const int MostRows = 20_000;

    public static IReadOnlyList<Metric> All { get; } =
    [
        new RowMetric("adjusted_rand", o => o.WeightArray is null ? null : "adjusted_rand counts pairs of rows, and takes no weights",
            o => Confusion.Bind(o, c => c.AdjustedRand())),
        OfConfusion("normalized_mutual_info", c => c.NormalizedMutualInformation()),
        OfConfusion("homogeneity", c => c.Homogeneity()),
        OfConfusion("completeness", c => c.Completeness()),
        OfConfusion("v_measure", c => c.VMeasure()),
        new SumMetric("silhouette", 2, o => o.Count > MostRows ? $"silhouette compares every pair of rows, and takes at most {MostRows:N0} of them" : RefuseClusters(o),
            Silhouette, s => MetricValue.Of(s[1] / s[0])),
        new RowMetric("davies_bouldin", RefuseClusters, o => weights => DaviesBouldin(new Centres(o, weights))),
        new RowMetric("calinski_harabasz", RefuseClusters, o => weights => new Centres(o, weights).VarianceRatio()),
    ];

    private static RowMetric OfConfusion(string name, Func<Confusion, MetricValue> measure) => new(name, _ => null, o => Confusion.Bind(o, measure));

    private static string? RefuseClusters(Observations observations) => observations.PredictionArray!.Distinct().Count() is var clusters && clusters >= 2 && clusters < observations.Count
        ? null
        : $"there are {clusters} clusters of {observations.Count} rows; at least 2 and fewer than rows are needed";

    /// <summary>The silhouette of each row among all rows; an interval tells of which rows are scored, not of where clusters would lie.</summary>
    private static RowTerms Silhouette(Observations observations)
    {
        var (clusters, keys) = Numbered.Of(observations.PredictionArray!);
        var features = observations.FeatureRows!;
        var sizes = new int[keys.Length];
        foreach (var cluster in clusters)
            sizes[cluster]++;
        return (row, terms) =>
        {
            var own = clusters[row];
            if (sizes[own] == 1)
                return;
            var distances = new double[sizes.Length];
            for (var other = 0; other < features.Length; other++)
                distances[clusters[other]] += Math.Sqrt(Centres.Squared(features[row], features[other]));
            var within = distances[own] / (sizes[own] - 1);
            var nearest = distances.Select((sum, cluster) => cluster == own ? double.PositiveInfinity : sum / sizes[cluster]).Min();
            terms[1] = Math.Max(within, nearest) is var most and > 0 ? (nearest - within) / most : 0;
        };
    }

    private static MetricValue DaviesBouldin(Centres centres)
    {
        if (centres.Count < 2)
            return MetricValue.Undefined("the rows are of one cluster; a comparison needs two");
        var sum = 0.0;
        for (var a = 0; a < centres.Count; a++)
        {
            var worst = 0.0;
            for (var b = 0; b < centres.Count; b++)
            {
                if (a == b)
                    continue;
                var apart = Math.Sqrt(Centres.Squared(centres.Of(a), centres.Of(b)));
                if (apart == 0)
                    return MetricValue.Undefined("two clusters have the same centre");
                worst = Math.Max(worst, (centres.Reach(a) + centres.Reach(b)) / apart);
            }

            sum += worst;
        }

        return MetricValue.Of(sum / centres.Count);
    }

    /// <summary>Centres of the clusters that weigh anything, and how far rows lie from them.</summary>
    private sealed class Centres
    {
        private readonly double[][] _centres;
        private readonly double[] _weight;
        private readonly double[] _distance;
        private readonly double[] _mean;
        private readonly double _all;
        private readonly double _within;

        public Centres(Observations observations, ReadOnlySpan<double> weights)
        {
            var (features, clusters) = (observations.FeatureRows!, observations.PredictionArray!);
            var numbers = new Dictionary<double, int>();
            for (var row = 0; row < weights.Length; row++)
            {
                if (weights[row] > 0)
                    numbers.TryAdd(clusters[row], numbers.Count);
            }

            var width = features[0].Length;
            _centres = [.. Enumerable.Range(0, numbers.Count).Select(_ => new double[width])];
            (_weight, _distance, _mean) = (new double[numbers.Count], new double[numbers.Count], new double[width]);
            for (var row = 0; row < weights.Length; row++)
            {
                if (weights[row] == 0)
                    continue;
                var cluster = numbers[clusters[row]];
                _weight[cluster] += weights[row];
                _all += weights[row];
                for (var f = 0; f < width; f++)
                {
                    _centres[cluster][f] += weights[row] * features[row][f];
                    _mean[f] += weights[row] * features[row][f];
                }
            }

            for (var f = 0; f < width; f++)
            {
                _mean[f] /= _all;
                for (var cluster = 0; cluster < Count; cluster++)
                    _centres[cluster][f] /= _weight[cluster];
            }

            for (var row = 0; row < weights.Length; row++)
            {
                if (weights[row] == 0)
                    continue;
                var cluster = numbers[clusters[row]];
                var squared = Squared(features[row], _centres[cluster]);
                _distance[cluster] += weights[row] * Math.Sqrt(squared);
                _within += weights[row] * squared;
            }
        }

        public int Count => _centres.Length;

        public double[] Of(int cluster) => _centres[cluster];

        /// <summary>Mean distance of a cluster's rows to its centre.</summary>
        public double Reach(int cluster) => _distance[cluster] / _weight[cluster];

        public MetricValue VarianceRatio()
        {
            if (Count < 2 || _all <= Count)
                return MetricValue.Undefined("the rows are of one cluster, or no more than there are clusters");
            var between = _centres.Select((centre, cluster) => _weight[cluster] * Squared(centre, _mean)).Sum();
            return _within == 0
                ? MetricValue.Undefined("every row lies at the centre of its cluster")
                : MetricValue.Of(between / (Count - 1) / (_within / (_all - Count)));
        }

        public static double Squared(double[] a, double[] b)
        {
            var sum = 0.0;
            for (var f = 0; f < a.Length; f++)
                sum += (a[f] - b[f]) * (a[f] - b[f]);
            return sum;
        }
    }
}
