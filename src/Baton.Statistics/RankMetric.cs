namespace Baton.Statistics;

/// <summary>
/// A metric of how scores rank the classes. Rows are sorted once; a resample is one sweep from the highest score down with the weight of each row,
/// block by block of equal scores, so ties are exact.
/// </summary>
internal sealed class RankMetric(string name, RankSum sum) : Metric(name)
{
    private protected override string? Refuse(Observations observations) => BinaryMetrics.RefuseLabels(observations);

    private protected override PreparedMetric PrepareFit(Observations observations, ResamplingUnits units)
    {
        // Rows that weigh differently leave whole numbers, and with them the quick sums.
        if (observations.WeightArray is not null)
            return new CurveMetric(Name, curve => sum == RankSum.RocArea ? curve.RocArea() : curve.AveragePrecision()).Prepare(observations, units);
        var order = observations.OrderByScore();
        var signed = new int[order.Rows.Length];
        for (var i = 0; i < signed.Length; i++)
        {
            var unit = units.UnitOf(order.Rows[i]);
            signed[i] = observations.LabelArray[order.Rows[i]] == 1 ? unit : ~unit;
        }

        return new Prepared(signed, order.Ends, sum);
    }

    /// <param name="units">Unit of each row by falling score, its bits inverted for a negative row: a sign, because a branch would be mispredicted.</param>
    /// <param name="ends">End of each block of equal scores.</param>
    /// <param name="sum">What is added up.</param>
    private sealed class Prepared(int[] units, int[] ends, RankSum sum) : PreparedMetric
    {
        public override MetricValue Evaluate(ReadOnlySpan<int> weights) => sum == RankSum.RocArea ? RocArea(weights) : AveragePrecision(weights);

        private MetricValue RocArea(ReadOnlySpan<int> weights)
        {
            // Twice the number of pairs ranked right, ties counting half: whole numbers, so the order of rows cannot change the result.
            long pairs = 0, positives = 0, negatives = 0;
            var row = 0;
            foreach (var end in ends)
            {
                long up = 0, down = 0;
                for (; row < end; row++)
                {
                    var negative = units[row] >> 31;
                    var weight = weights[units[row] ^ negative];
                    up += weight & ~negative;
                    down += weight & negative;
                }

                pairs += down * ((2 * positives) + up);
                positives += up;
                negatives += down;
            }

            return OneClass(positives, negatives) is { } reason
                ? MetricValue.Undefined(reason)
                : MetricValue.Of(pairs / (2.0 * positives * negatives));
        }

        private MetricValue AveragePrecision(ReadOnlySpan<int> weights)
        {
            var sum = 0.0;
            long positives = 0, negatives = 0;
            var row = 0;
            foreach (var end in ends)
            {
                long up = 0;
                for (; row < end; row++)
                {
                    var negative = units[row] >> 31;
                    var weight = weights[units[row] ^ negative];
                    up += weight & ~negative;
                    negatives += weight & negative;
                }

                positives += up;
                if (up > 0)
                    sum += up * ((double)positives / (positives + negatives));
            }

            return OneClass(positives, negatives) is { } reason ? MetricValue.Undefined(reason) : MetricValue.Of(sum / positives);
        }

        private static string? OneClass(long positives, long negatives) =>
            positives == 0 ? "every label is 0; a ranking needs rows of both classes"
            : negatives == 0 ? "every label is 1; a ranking needs rows of both classes"
            : null;
    }
}

/// <summary>What a <see cref="RankMetric"/> adds up.</summary>
internal enum RankSum
{
    /// <summary>Area under the ROC curve.</summary>
    RocArea,

    /// <summary>Mean over positives of the precision at their score.</summary>
    AveragePrecision,
}
