namespace Baton.Statistics;

/// <summary>Writes the terms of one row; slot 0 holds 1 already; each term counts as often as the row weighs.</summary>
internal delegate void RowTerms(int row, Span<double> terms);

/// <summary>The metric from the terms summed over all rows.</summary>
internal delegate MetricValue FromSums(ReadOnlySpan<double> sums);

/// <summary>
/// A metric that is a function of sums over rows: sums within units are taken once, so that a resample costs one multiplication per unit.
/// </summary>
internal sealed class SumMetric(
    string name, Func<Observations, int> widthOf, Func<Observations, string?> refuse, Func<Observations, RowTerms> bind, FromSums finish)
    : Metric(name)
{
    /// <summary>Sums that fit on the stack.</summary>
    private const int Few = 128;

    public SumMetric(string name, int width, Func<Observations, string?> refuse, Func<Observations, RowTerms> bind, FromSums finish)
        : this(name, _ => width, refuse, bind, finish)
    {
    }

    private protected override string? Refuse(Observations observations) => refuse(observations);

    private protected override PreparedMetric PrepareFit(Observations observations, ResamplingUnits units)
    {
        var terms = bind(observations);
        var width = widthOf(observations);
        var sums = new double[(long)units.Count * width];
        var row = width <= Few ? stackalloc double[width] : new double[width];
        for (var i = 0; i < observations.Count; i++)
        {
            row.Clear();
            row[0] = 1;
            terms(i, row);
            var weight = observations.WeightArray is { } weights ? weights[i] : 1;
            var unit = sums.AsSpan(units.UnitOf(i) * width, width);
            for (var term = 0; term < width; term++)
                unit[term] += weight * row[term];
        }

        return new Prepared(sums, width, finish);
    }

    private sealed class Prepared(double[] unitSums, int width, FromSums finish) : PreparedMetric
    {
        public override MetricValue Evaluate(ReadOnlySpan<int> weights)
        {
            var sums = width <= Few ? stackalloc double[width] : new double[width];
            sums.Clear();
            for (var unit = 0; unit < weights.Length; unit++)
            {
                if (weights[unit] == 0)
                    continue;
                for (var term = 0; term < width; term++)
                    sums[term] += weights[unit] * unitSums[(unit * width) + term];
            }

            return finish(sums);
        }
    }
}
