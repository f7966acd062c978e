using Baton.Database;
using Baton.Server.Platform.Search;

namespace Baton.Server.Runs.Searching;

/// <summary>Decides what an unquoted <c>metrics.loss.min</c> means: the metric of that whole name where the project has one, else the least value of <c>loss</c>.</summary>
internal static class MetricKeys
{
    /// <summary>Gives a field its meaning, for a project.</summary>
    public static async Task<Func<Field, Field>> MeaningAsync(Session session, string project, IEnumerable<Field> fields)
    {
        var metrics = new HashSet<string>();
        foreach (var key in fields.Select(f => f.WholeKey).OfType<string>().Distinct())
        {
            await session.ReadPreparedAsync(
                "SELECT k.key FROM log_keys k WHERE k.project = $1 AND k.key = $2 AND EXISTS (SELECT 1 FROM latest_metrics m WHERE m.key_no = k.key_no LIMIT 1)",
                row => metrics.Add(row.Text(0)),
                project,
                key);
        }

        return field => field.WholeKey is not { } whole ? field
            : metrics.Contains(whole) ? new Field(FieldKind.Metric, whole, MetricReading.Latest)
            : field with { WholeKey = null };
    }
}
