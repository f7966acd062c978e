namespace Baton.Statistics;

/// <summary>A metric by scikit-learn's name and definition, where scikit-learn has it.</summary>
public abstract class Metric
{
    private protected Metric(string name)
    {
        Name = name;
        Facts = MetricFacts.Of(name);
    }

    /// <summary>Name, e.g. <c>roc_auc</c>.</summary>
    public string Name { get; }

    /// <summary>What the metric is: tasks, direction, range, needs, definition.</summary>
    public MetricFacts Facts { get; }

    /// <summary>Whether a greater value is the better one.</summary>
    public bool GreaterIsBetter => Facts.GreaterIsBetter;

    /// <summary>Least value it can take; negative infinity where there is none.</summary>
    public double Lowest => Facts.Lowest;

    /// <summary>Greatest value it can take; positive infinity where there is none.</summary>
    public double Highest => Facts.Highest;

    /// <summary>What rows must have.</summary>
    public MetricNeeds Needs => Facts.Needs;

    /// <summary>The metric of all rows, or why it is undefined for them.</summary>
    public MetricValue Compute(Observations observations) => Prepare(observations, ResamplingUnits.Whole(observations.Count)).Evaluate([1]);

    /// <summary>Does once what every resample shares: sorts, sums within units.</summary>
    internal PreparedMetric Prepare(Observations observations, ResamplingUnits units) =>
        (observations.Lacks(Needs) ?? Refuse(observations)) is { } reason ? new UnfitMetric(reason) : PrepareFit(observations, units);

    /// <summary>Why these rows, which have what is needed, cannot be measured all the same; null where they can.</summary>
    private protected abstract string? Refuse(Observations observations);

    private protected abstract PreparedMetric PrepareFit(Observations observations, ResamplingUnits units);
}

/// <summary>A metric over fixed rows, as a function of how often each unit of rows counts. Safe to call from several threads.</summary>
internal abstract class PreparedMetric
{
    public abstract MetricValue Evaluate(ReadOnlySpan<int> weights);
}

/// <summary>A metric that rows or units cannot have.</summary>
internal sealed class UnfitMetric(string reason) : PreparedMetric
{
    public override MetricValue Evaluate(ReadOnlySpan<int> weights) => MetricValue.Undefined(reason);
}
