using Baton.Server.Predictions;

namespace Baton.Server.Monitoring;

/// <summary>Sorts predictions into the weeks of their event times, in one pass.</summary>
internal static class WeeklyPerformance
{
    /// <summary>The weeks in which there were predictions, oldest first.</summary>
    public static IReadOnlyList<PerformanceWeek> Of(LabelledPredictions predictions)
    {
        var weeks = new List<(long Monday, WeekTally Tally)>();
        for (var row = 0; row < predictions.Rows; row++)
        {
            var time = predictions.EventTimes[row];
            // Rows come in the order of event time: the last week is the one to add to, or a new one begins.
            if (weeks.Count == 0 || time >= weeks[^1].Monday + CalendarWeeks.Length)
                weeks.Add((CalendarWeeks.Begin(time), new WeekTally()));
            weeks[^1].Tally.Add(time, predictions.Scores[row], predictions.Labels[row], predictions.LabelsKnownAt[row]);
        }

        return [.. weeks.Select(week => week.Tally.Close(week.Monday, predictions.NewestLabelAt))];
    }
}
