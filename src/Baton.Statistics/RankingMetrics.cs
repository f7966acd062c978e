namespace Baton.Statistics;

/// <summary>What a query's ranking is worth: gains (labels, 0 or more), scores of the same rows.</summary>
internal delegate double OfQuery(double[] gains, double[] scores);

/// <summary>Metrics of ranked answers to queries: the mean over queries, each weighing the mean of its rows' weights.</summary>
internal static class RankingMetrics
{
    private const int MostRows = 1_000_000;

    public static IReadOnlyList<Metric> All { get; } =
    [
        new QueryMetric("ndcg", (gains, scores) => Ndcg(gains, scores, int.MaxValue)),
        new QueryMetric("mean_reciprocal_rank", ReciprocalRank),
        new QueryMetric("mean_average_precision", (gains, scores) => AveragePrecision(gains, scores, int.MaxValue)),
    ];

    /// <summary>The number of rows at the top that a name may hold; null for another.</summary>
    public static int? Count(double number) => number is >= 1 and <= MostRows && number == Math.Floor(number) ? (int)number : null;

    /// <summary>A family's metric for so many rows.</summary>
    public static Metric Find(string name, int k) => name[..name.LastIndexOf('_')] switch
    {
        "ndcg_at" => new QueryMetric(name, (gains, scores) => Ndcg(gains, scores, k)),
        "mean_average_precision_at" => new QueryMetric(name, (gains, scores) => AveragePrecision(gains, scores, k)),
        "hit_rate_at" => new QueryMetric(name, (gains, scores) => Top(gains, scores, k) > 0 ? 1 : 0),
        "precision_at" => new QueryMetric(name, (gains, scores) => Top(gains, scores, k) / (double)k),
        "recall_at" => new QueryMetric(name, (gains, scores) => Relevant(gains) is var all and > 0 ? Top(gains, scores, k) / (double)all : 0),
        _ => throw new ArgumentException($"There is no family of ranking metrics for {name}.", nameof(name)),
    };

    /// <summary>scikit-learn's ndcg_score: linear gains, discount 1 / log₂(1 + rank), tied scores sharing the mean of their gains.</summary>
    private static double Ndcg(double[] gains, double[] scores, int k)
    {
        double[] ideal = [.. gains.OrderDescending()];
        var most = 0.0;
        for (var rank = 1; rank <= Math.Min(k, ideal.Length); rank++)
            most += ideal[rank - 1] / Math.Log2(1 + rank);
        if (most == 0)
            return 0;
        var order = new ScoreOrder(scores);
        var (sum, start) = (0.0, 0);
        foreach (var end in order.Ends)
        {
            var (gain, discounts) = (0.0, 0.0);
            for (var place = start; place < end; place++)
            {
                gain += gains[order.Rows[place]];
                discounts += place < k ? 1 / Math.Log2(2 + place) : 0;
            }

            sum += gain / (end - start) * discounts;
            start = end;
        }

        return sum / most;
    }

    private static double ReciprocalRank(double[] gains, double[] scores)
    {
        var first = Array.IndexOf(Ranked(gains, scores), true);
        return first < 0 ? 0 : 1.0 / (first + 1);
    }

    private static double AveragePrecision(double[] gains, double[] scores, int k)
    {
        var (sum, found, ranked) = (0.0, 0, Ranked(gains, scores));
        for (var place = 0; place < Math.Min(k, ranked.Length); place++)
        {
            if (ranked[place])
                sum += ++found / (place + 1.0);
        }

        return Relevant(gains) is var all and > 0 ? sum / Math.Min(k, all) : 0;
    }

    private static int Top(double[] gains, double[] scores, int k) => Ranked(gains, scores).Take(k).Count(relevant => relevant);

    private static int Relevant(double[] gains) => gains.Count(gain => gain > 0);

    /// <summary>Whether the row at each rank is relevant; of equal scores the irrelevant come first, so that a constant score earns nothing.</summary>
    private static bool[] Ranked(double[] gains, double[] scores) =>
        [.. Enumerable.Range(0, gains.Length).OrderByDescending(row => scores[row]).ThenBy(row => gains[row] > 0).Select(row => gains[row] > 0)];
}

/// <summary>A mean over queries. What is drawn must hold each query whole: half an answer is another answer.</summary>
internal sealed class QueryMetric(string name, OfQuery ofQuery) : Metric(name)
{
    private protected override string? Refuse(Observations observations)
    {
        var bad = Array.FindIndex(observations.LabelArray, label => label < 0);
        return bad < 0 ? null : FormattableString.Invariant($"the label of row {bad} (counted from 0) is {observations.LabelArray[bad]}; a gain is 0 or more");
    }

    private protected override PreparedMetric PrepareFit(Observations observations, ResamplingUnits units)
    {
        var queries = Enumerable.Range(0, observations.Count).GroupBy(row => observations.QueryOfRow![row]).ToList();
        var sums = new (double Weight, double Sum)[units.Count];
        foreach (var query in queries)
        {
            int[] rows = [.. query];
            var unit = units.UnitOf(rows[0]);
            if (Array.Exists(rows, row => units.UnitOf(row) != unit))
                return new UnfitMetric("rows of one query are drawn apart; draw by query, or by a column that keeps queries whole");
            var weight = observations.WeightArray is { } weights ? rows.Average(row => weights[row]) : 1;
            var value = ofQuery(Array.ConvertAll(rows, row => observations.LabelArray[row]), Array.ConvertAll(rows, row => observations.ScoreArray![row]));
            sums[unit] = (sums[unit].Weight + weight, sums[unit].Sum + (weight * value));
        }

        return new Prepared(sums);
    }

    private sealed class Prepared((double Weight, double Sum)[] units) : PreparedMetric
    {
        public override MetricValue Evaluate(ReadOnlySpan<int> weights)
        {
            var (weight, sum) = (0.0, 0.0);
            for (var unit = 0; unit < weights.Length; unit++)
                (weight, sum) = (weight + (weights[unit] * units[unit].Weight), sum + (weights[unit] * units[unit].Sum));
            return weight > 0 ? MetricValue.Of(sum / weight) : MetricValue.Undefined("no query weighs anything");
        }
    }
}

/// <summary>A metric of each query where rows answer queries, else of all rows as one list.</summary>
internal sealed class EitherMetric(string name, Metric byQuery, Metric ofAll) : Metric(name)
{
    private protected override string? Refuse(Observations observations) => null;

    private protected override PreparedMetric PrepareFit(Observations observations, ResamplingUnits units) =>
        (observations.QueryOfRow is null ? ofAll : byQuery).Prepare(observations, units);
}
