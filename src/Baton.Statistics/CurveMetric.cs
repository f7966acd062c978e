namespace Baton.Statistics;

/// <summary>A metric of the curve that a falling threshold over the scores draws.</summary>
internal sealed class CurveMetric(string name, Func<RankCurve, MetricValue> measure) : Metric(name)
{
    private protected override string? Refuse(Observations observations) => BinaryMetrics.RefuseLabels(observations);

    private protected override PreparedMetric PrepareFit(Observations observations, ResamplingUnits units)
    {
        var order = observations.OrderByScore();
        var labels = observations.LabelArray;
        return new PreparedRows(
            units, observations.WeightArray, weights => measure(order.Curve(weights, row => labels[row] == 1)));
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

    /// <summary>Share of positives among the weight of <paramref name="count"/> rows at the top; within a block of equal scores the negatives come first.</summary>
    public MetricValue PrecisionAt(int count) => MetricValue.Of(PositivesWithin(count) / count);

    /// <summary>Share of the positives that are among the weight of <paramref name="count"/> rows at the top.</summary>
    public MetricValue RecallAt(int count) => AllPositives == 0
        ? MetricValue.Undefined("every label is 0; recall needs positive rows")
        : MetricValue.Of(PositivesWithin(count) / AllPositives);

    private double PositivesWithin(int count)
    {
        for (var i = 1; i < Positives.Count; i++)
        {
            if (Positives[i] + Negatives[i] >= count)
                return Math.Max(Positives[i - 1], Math.Min(Positives[i], count - Negatives[i]));
        }

        return AllPositives;
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
