using System.Globalization;

namespace Baton.Server.Predictions;

/// <summary>Predictions with the last revision of their labels, as columns of equal length in the order of event time. For figures over many rows.</summary>
internal sealed record LabelledPredictions
{
    /// <summary>When it happened, microseconds since 1970; never falls.</summary>
    public required long[] EventTimes { get; init; }

    /// <summary>Score of the positive class; NaN where the model gives none.</summary>
    public required double[] Scores { get; init; }

    /// <summary>Version that answered.</summary>
    public required string[] Versions { get; init; }

    /// <summary>The label as text; null where none is known.</summary>
    public required string?[] Labels { get; init; }

    /// <summary>When the label became known, microseconds since 1970; null where none is.</summary>
    public required long?[] LabelsKnownAt { get; init; }

    /// <summary>The newest such time of all labels of the endpoint, whatever the range; null where there is no label.</summary>
    public required long? NewestLabelAt { get; init; }

    /// <summary>Number of rows.</summary>
    public int Rows => EventTimes.Length;

    /// <summary>The labels as numbers, <c>true</c> and <c>false</c> as 1 and 0; NaN where there is none or it is text.</summary>
    public double[] LabelNumbers() => Array.ConvertAll(Labels, label => label switch
    {
        "true" => 1,
        "false" => 0,
        _ => double.TryParse(label, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : double.NaN,
    });
}
