using System.Globalization;

namespace Baton.Client;

public sealed partial class BatonClient
{
    /// <summary>What an endpoint's predictions were worth, week by week, as far as their labels are known.</summary>
    /// <param name="endpoint">Endpoint.</param>
    /// <param name="from">Event time of the first week to tell of, UTC; it is told whole. Null for the oldest.</param>
    /// <param name="to">Event time before which the last week begins, UTC; it is told whole. Null for the newest.</param>
    /// <param name="cancel">Stops the call.</param>
    public Task<PerformanceRecord> GetPerformanceAsync(
        string endpoint, DateTimeOffset? from = null, DateTimeOffset? to = null, CancellationToken cancel = default) =>
        GetAsync<PerformanceRecord>(Query($"api/v1/endpoints/{Escape(endpoint)}/performance", ("from", Instant(from)), ("to", Instant(to))), cancel);

    private static string? Instant(DateTimeOffset? at) => at?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
}

/// <summary>An endpoint's performance by week.</summary>
/// <param name="Endpoint">Endpoint.</param>
/// <param name="GeneratedAt">When it was computed, UTC.</param>
/// <param name="Weeks">Weeks in which there were predictions, oldest first.</param>
public sealed record PerformanceRecord(string Endpoint, DateTimeOffset GeneratedAt, IReadOnlyList<PerformanceWeekRecord> Weeks);

/// <summary>What an endpoint's predictions of one week were worth, as far as their labels are known.</summary>
public sealed record PerformanceWeekRecord
{
    /// <summary>Its Monday, UTC.</summary>
    public required DateOnly Week { get; init; }

    /// <summary>Predictions whose event time lies in it.</summary>
    public required long Predictions { get; init; }

    /// <summary>Those whose label is known.</summary>
    public required long Labelled { get; init; }

    /// <summary>Share of predictions whose label is known, 0 to 1.</summary>
    public required double LabelCoverage { get; init; }

    /// <summary>Median time from prediction to label, in hours; null where no label is known.</summary>
    public double? LabelDelayP50Hours { get; init; }

    /// <summary>Time from prediction to label, in hours, that 95 % of the known labels did not exceed.</summary>
    public double? LabelDelayP95Hours { get; init; }

    /// <summary>Whether 95 % of the labels are known, or the week is old enough that no more are expected.</summary>
    public required bool Matured { get; init; }

    /// <summary>Share of positive labels, 0 to 1; null where <see cref="Note"/> says why.</summary>
    public double? LateRate { get; init; }

    /// <summary>Area under the ROC curve; null where <see cref="Note"/> says why.</summary>
    public double? RocAuc { get; init; }

    /// <summary>Brier score; null where <see cref="Note"/> says why.</summary>
    public double? BrierScore { get; init; }

    /// <summary>What to know before the figures are believed, or why there are none.</summary>
    public string? Note { get; init; }
}
