namespace Baton.Statistics;

/// <summary>Value of a metric, or the reason why it has none. Never NaN.</summary>
public readonly record struct MetricValue
{
    private MetricValue(double? value, string? undefinedBecause)
    {
        Value = value;
        UndefinedBecause = undefinedBecause;
    }

    /// <summary>The value; null where it is undefined.</summary>
    public double? Value { get; }

    /// <summary>Why there is no value, e.g. <c>every label is 0; ranking needs both classes</c>; null where there is one.</summary>
    public string? UndefinedBecause { get; }

    /// <summary>A value.</summary>
    public static MetricValue Of(double value) => new(value, null);

    /// <summary>No value, for this reason.</summary>
    public static MetricValue Undefined(string because) => new(null, because);
}
