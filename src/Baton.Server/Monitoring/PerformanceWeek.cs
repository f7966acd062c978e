namespace Baton.Server.Monitoring;

/// <summary>What an endpoint's predictions of one week were worth, as far as their labels are known.</summary>
internal sealed record PerformanceWeek
{
    /// <summary>Its Monday, UTC.</summary>
    public required DateOnly Week { get; init; }

    /// <summary>Predictions whose event time lies in it.</summary>
    public required int Predictions { get; init; }

    /// <summary>Those whose label is known.</summary>
    public required int Labelled { get; init; }

    /// <summary>Share of predictions whose label is known, 0 to 1.</summary>
    public required double LabelCoverage { get; init; }

    /// <summary>Median time from prediction to label; null where no label is known.</summary>
    public double? LabelDelayP50Hours { get; init; }

    /// <summary>Time from prediction to label that 95 % of the known labels did not exceed.</summary>
    public double? LabelDelayP95Hours { get; init; }

    /// <summary>Whether no more labels are expected that could change the figures much.</summary>
    public required bool Matured { get; init; }

    /// <summary>Share of positive labels, 0 to 1; null where the note says why.</summary>
    public double? LateRate { get; init; }

    /// <summary>Area under the ROC curve; null where the note says why.</summary>
    public double? RocAuc { get; init; }

    /// <summary>Mean squared error of the scores as probabilities; null where the note says why.</summary>
    public double? BrierScore { get; init; }

    /// <summary>What to know before the figures are believed, or why there are none.</summary>
    public string? Note { get; init; }
}
