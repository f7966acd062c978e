namespace Baton.Server.Platform.Search;

/// <summary>What part of a thing a field is in.</summary>
internal enum FieldKind
{
    Attribute,
    Metric,
    Param,
    Tag,
    Dataset,
}

/// <summary>What is compared or ordered by: an attribute by its proper name, or a metric, param or tag by its key.</summary>
/// <param name="Kind">Where it is.</param>
/// <param name="Key">Its name there.</param>
/// <param name="Reading">Which of a metric's values.</param>
/// <param name="WholeKey">
/// For an unquoted <c>metrics.loss.min</c>: <c>loss.min</c>. A metric that bears this whole name comes before the least value of <c>loss</c>,
/// since that is what MLflow's clients mean by it.
/// </param>
internal sealed record Field(FieldKind Kind, string Key, MetricReading? Reading = null, string? WholeKey = null);

/// <summary>Which of a metric's values is meant.</summary>
internal enum MetricValue
{
    /// <summary>The latest.</summary>
    Latest,

    /// <summary>The least of all points.</summary>
    Min,

    /// <summary>The greatest of all points.</summary>
    Max,

    /// <summary>The least or the greatest, whichever the metric is to become.</summary>
    Best,

    /// <summary>That of one step.</summary>
    At,
}

/// <summary>A value of a metric; <see cref="Step"/> counts for <see cref="MetricValue.At"/> only.</summary>
internal sealed record MetricReading(MetricValue Value, long Step = 0, long StepMicros = 0)
{
    public static readonly MetricReading Latest = new(MetricValue.Latest);
}
