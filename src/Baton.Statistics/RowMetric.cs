using System.Buffers;

namespace Baton.Statistics;

/// <summary>The metric of rows that weigh so much each.</summary>
internal delegate MetricValue FromRows(ReadOnlySpan<double> weights);

/// <summary>A metric that needs the rows themselves and is no sum over them: a resample is a weight per row.</summary>
/// <param name="name">Its name.</param>
/// <param name="refuse">Why rows cannot be measured; null where they can.</param>
/// <param name="bind">Does once what every resample shares, e.g. sorting.</param>
internal sealed class RowMetric(string name, Func<Observations, string?> refuse, Func<Observations, FromRows> bind)
    : Metric(name)
{
    private protected override string? Refuse(Observations observations) => refuse(observations);

    private protected override PreparedMetric PrepareFit(Observations observations, ResamplingUnits units) =>
        new PreparedRows(units, observations.WeightArray, bind(observations));
}

/// <summary>Turns the weights of units into those of rows.</summary>
internal sealed class PreparedRows(ResamplingUnits units, double[]? rowWeights, FromRows evaluate) : PreparedMetric
{
    public override MetricValue Evaluate(ReadOnlySpan<int> weights)
    {
        var rented = ArrayPool<double>.Shared.Rent(units.Rows);
        try
        {
            var rows = rented.AsSpan(0, units.Rows);
            for (var row = 0; row < rows.Length; row++)
                rows[row] = weights[units.UnitOf(row)] * (rowWeights is null ? 1 : rowWeights[row]);
            return evaluate(rows);
        }
        finally
        {
            ArrayPool<double>.Shared.Return(rented);
        }
    }
}
