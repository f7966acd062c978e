namespace Baton.Statistics;

/// <summary>A metric of the curve that a falling threshold over the scores draws.</summary>
internal sealed class CurveMetric(string name, Func<RankCurve, MetricValue> measure) : Metric(name, greaterIsBetter: true)
{
    private protected override string? Refuse(Observations observations) =>
        observations.ScoreArray is null ? $"{Name} ranks scores, and there are none" : BinaryMetrics.RefuseLabels(observations);

    private protected override PreparedMetric PrepareFit(Observations observations, ResamplingUnits units)
    {
        var order = new ScoreOrder(observations.ScoreArray!);
        var labels = observations.LabelArray;
        return new PreparedRows(
            units.UnitOfRow, observations.WeightArray, weights => measure(order.Curve(weights, row => labels[row] == 1)));
    }
}

/// <summary>Rows by falling score, in blocks of equal scores.</summary>
internal sealed class ScoreOrder
{
    private readonly int[] _rows;
    private readonly int[] _ends;

    public ScoreOrder(double[] scores)
    {
        _rows = [.. Enumerable.Range(0, scores.Length).OrderByDescending(row => scores[row])];
        _ends = [.. Enumerable.Range(1, scores.Length).Where(i => i == scores.Length || scores[_rows[i]] != scores[_rows[i - 1]])];
    }

    /// <summary>The curve of rows that weigh so much each; blocks without weight are left out.</summary>
    public RankCurve Curve(ReadOnlySpan<double> weights, Func<int, bool> isPositive)
    {
        var (positives, negatives) = (new List<double> { 0 }, new List<double> { 0 });
        var (up, down, next) = (0.0, 0.0, 0);
        foreach (var end in _ends)
        {
            var before = up + down;
            for (; next < end; next++)
            {
                if (isPositive(_rows[next]))
                    up += weights[_rows[next]];
                else
                    down += weights[_rows[next]];
            }

            if (up + down == before)
                continue;
            positives.Add(up);
            negatives.Add(down);
        }

        return new RankCurve(positives, negatives);
    }
}

/// <summary>Weight of the positive and negative rows at or above each threshold, from none of them to all.</summary>
internal sealed record RankCurve(IReadOnlyList<double> Positives, IReadOnlyList<double> Negatives)
{
    private double AllPositives => Positives[^1];

    private double AllNegatives => Negatives[^1];

    /// <summary>Area under the ROC curve.</summary>
    public MetricValue RocArea() => OneClass() is { } reason ? MetricValue.Undefined(reason) : MetricValue.Of(AreaUpTo(1));

    /// <summary>Area up to a false-positive rate, standardised so that chance gives 0.5 and perfection 1 (McClish 1989).</summary>
    public MetricValue PartialRocArea(double maxRate)
    {
        if (OneClass() is { } reason)
            return MetricValue.Undefined(reason);
        var (least, most) = (maxRate * maxRate / 2, maxRate);
        return MetricValue.Of((1 + ((AreaUpTo(maxRate) - least) / (most - least))) / 2);
    }

    /// <summary>Mean over the positives of the precision at their score.</summary>
    public MetricValue AveragePrecision()
    {
        if (OneClass() is { } reason)
            return MetricValue.Undefined(reason);
        var sum = 0.0;
        for (var i = 1; i < Positives.Count; i++)
            sum += (Positives[i] - Positives[i - 1]) * (Positives[i] / (Positives[i] + Negatives[i]));
        return MetricValue.Of(sum / AllPositives);
    }

    /// <summary>The best precision of any threshold that still finds this share of the positives.</summary>
    public MetricValue PrecisionAtRecall(double recall)
    {
        if (AllPositives == 0)
            return MetricValue.Undefined("every label is 0; recall needs positive rows");
        var best = 0.0;
        for (var i = 1; i < Positives.Count; i++)
        {
            if (Positives[i] / AllPositives >= recall)
                best = Math.Max(best, Positives[i] / (Positives[i] + Negatives[i]));
        }

        return MetricValue.Of(best);
    }

    private double AreaUpTo(double maxRate)
    {
        var area = 0.0;
        for (var i = 1; i < Positives.Count; i++)
        {
            var (x0, x1) = (Negatives[i - 1] / AllNegatives, Negatives[i] / AllNegatives);
            var (y0, y1) = (Positives[i - 1] / AllPositives, Positives[i] / AllPositives);
            if (x0 >= maxRate)
                break;
            if (x1 > maxRate)
                (x1, y1) = (maxRate, y0 + ((y1 - y0) * (maxRate - x0) / (x1 - x0)));
            area += (x1 - x0) * (y0 + y1) / 2;
        }

        return area;
    }

    private string? OneClass() =>
        AllPositives == 0 ? "every label is 0; a ranking needs rows of both classes"
        : AllNegatives == 0 ? "every label is 1; a ranking needs rows of both classes"
        : null;
}
