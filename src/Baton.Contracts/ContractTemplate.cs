namespace Baton.Contracts;

/// <summary>A contract to start from.</summary>
public static class ContractTemplate
{
    /// <summary>
    /// The default four clauses: reproduces, one metric, latency, memory. Where the metric lies between 0 and 1 it gets an absolute bound to
    /// tune and may fall 0.005 behind production; where it has no scale of its own it must only not be worse than production.
    /// </summary>
    /// <param name="model">Name of the registered model.</param>
    /// <param name="groupBy">Column whose equal values belong together; null for intervals by row.</param>
    /// <param name="metric">A name of <see cref="MetricNames"/>.</param>
    /// <exception cref="ArgumentException">The metric is unknown.</exception>
    public static Contract Default(string model, string? groupBy = null, string metric = "roc_auc")
    {
        var known = MetricNames.Find(metric)
            ?? throw new ArgumentException(
                $"Unknown metric '{metric}'; expected one of {string.Join(", ", MetricNames.Written)}.", nameof(metric));
        var scaled = known is { Lowest: 0, Highest: 1 };
        var margin = scaled ? 0.005 : 0;
        return new Contract
        {
            Model = model,
            Reproduces = new ReproducesClause { MinShare = 0.995 },
            Metrics =
            [
                new MetricClause
                {
                    Metric = metric,
                    Min = scaled && known.GreaterIsBetter ? 0.6 : null,
                    Max = scaled && !known.GreaterIsBetter ? 0.2 : null,
                    GroupBy = groupBy,
                    AgainstProduction = known.GreaterIsBetter ? new Bound(Min: 0 - margin) : new Bound(Max: margin),
                },
            ],
            Latency = new LatencyClause { Percentile = 95, Max = TimeSpan.FromMilliseconds(100) },
            Memory = new MemoryClause(256L << 20),
        };
    }
}
