namespace Baton.Statistics;

/// <summary>A metric by scikit-learn's name and definition.</summary>
public abstract class Metric
{
    private protected Metric(string name, bool greaterIsBetter)
    {
        Name = name;
        GreaterIsBetter = greaterIsBetter;
    }

    /// <summary>Name, e.g. <c>roc_auc</c>.</summary>
    public string Name { get; }

    /// <summary>Whether a greater value is the better one.</summary>
    public bool GreaterIsBetter { get; }

    /// <summary>The metric of all rows, or why it is undefined for them.</summary>
    public MetricValue Compute(Observations observations) => Prepare(observations, ResamplingUnits.Whole(observations.Count)).Evaluate([1]);

    /// <summary>Does once what every resample shares: sorts, sums within units.</summary>
    internal PreparedMetric Prepare(Observations observations, ResamplingUnits units) =>
        Refuse(observations) is { } reason ? new UnfitMetric(reason) : PrepareFit(observations, units);

    /// <summary>Why these rows cannot be measured at all; null where they can.</summary>
    private protected abstract string? Refuse(Observations observations);

    private protected abstract PreparedMetric PrepareFit(Observations observations, ResamplingUnits units);

    private sealed class UnfitMetric(string reason) : PreparedMetric
    {
        public override MetricValue Evaluate(ReadOnlySpan<int> weights) => MetricValue.Undefined(reason);
    }
}

/// <summary>A metric over fixed rows, as a function of how often each unit of rows counts. Safe to call from several threads.</summary>
internal abstract class PreparedMetric
{
    public abstract MetricValue Evaluate(ReadOnlySpan<int> weights);
}
