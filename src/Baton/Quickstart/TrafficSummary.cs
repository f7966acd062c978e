using System.Globalization;
using System.Text.Json.Serialization;
using Baton.Client;

namespace Baton.Quickstart;

/// <summary>What came of the live traffic.</summary>
/// <param name="Endpoint">What answered.</param>
/// <param name="Predictions">Predictions in the log.</param>
/// <param name="Labelled">Those whose outcome is known.</param>
/// <param name="Weeks">By week of the prediction.</param>
internal sealed record TrafficSummary(EndpointSummary Endpoint, long Predictions, long Labelled, IReadOnlyList<WeekSummary> Weeks);

/// <summary>An endpoint and where to find it.</summary>
/// <param name="Name">Name.</param>
/// <param name="Inference">Where it answers, by the Open Inference Protocol.</param>
/// <param name="Url">Its page.</param>
internal sealed record EndpointSummary(string Name, Uri Inference, Uri Url);

/// <summary>One week, by its Monday.</summary>
internal sealed record WeekSummary(
    string Week,
    long Predictions,
    long Labelled,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] double? LateRate,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] double? RocAuc,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] double? BrierScore,
    double LabelCoverage)
{
    public static WeekSummary Of(PerformanceWeekRecord week) => new(
        week.Week.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), week.Predictions, week.Labelled, week.LateRate, week.RocAuc, week.BrierScore, week.LabelCoverage);
}
