namespace Baton.Statistics;

/// <summary>Writes the terms of one row; slot 0 holds 1 already; each term counts as often as the row weighs.</summary>
internal delegate void RowTerms(int row, Span<double> terms);

/// <summary>The metric from the terms summed over all rows.</summary>
internal delegate MetricValue FromSums(ReadOnlySpan<double> sums);

/// <summary>
/// A metric that is a function of sums over rows: sums within units are taken once, so that a resample costs one multiplication per unit.
/// </summary>
internal sealed class SumMetric(
    string name, bool greaterIsBetter, int width, Func<Observations, string?> refuse, Func<Observations, RowTerms> bind, FromSums finish)
    : Metric(name, greaterIsBetter)
{
    private protected override string? Refuse(Observations observations) => refuse(observations);

    private protected override PreparedMetric PrepareFit(Observations observations, ResamplingUnits units)
    {
        var terms = bind(observations);
        var sums = new double[units.Count * width];
        Span<double> row = stackalloc double[width];
        for (var i = 0; i < observations.Count; i++)
        {
            row.Clear();
            row[0] = 1;
            terms(i, row);
            var weight = observations.WeightArray is { } weights ? weights[i] : 1;
            var unit = sums.AsSpan(units.UnitOfRow[i] * width, width);
            for (var term = 0; term < width; term++)
                unit[term] += weight * row[term];
        }

        return new Prepared(sums, width, finish);
    }

    private sealed class Prepared(double[] unitSums, int width, FromSums finish) : PreparedMetric
    {
        public override MetricValue Evaluate(ReadOnlySpan<int> weights)
        {
            Span<double> sums = stackalloc double[width];
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
