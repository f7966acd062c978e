using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ledger;

namespace Baton.Server.Runs;

/// <summary>Takes in points of metrics, whatever the state of their run. A point that is there already is no change, in whatever order they come.</summary>
internal sealed class AdoptPoints(RunsStore store, LogKeys keys)
{
    private const int MaxKey = 250;

    public async Task HandleAsync(Change change, IReadOnlyList<Series> series)
    {
        var known = keys.Of(change.Project);
        // Runs in one order, so that two who bring points of the same runs do not wait for each other in a circle.
        foreach (var ofRun in series.GroupBy(s => s.RunId).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            var run = await store.HoldRunAsync(change, ofRun.Key) ?? throw RunsErrors.NoRun(ofRun.Key);
            var rows = new MetricRows();
            foreach (var one in ofRun)
            {
                CheckKey(one.Key);
                var key = known.Of(one.Key);
                for (var i = 0; i < one.Value.Count; i++)
                    rows.Add(key, one.Value[i], one.At[i], one.Step[i]);
            }

            await store.AddMetricsAsync(change, run, rows);
        }
    }

    /// <summary>What another server has kept may break MLflow's rule for names, but must fit an index.</summary>
    internal static void CheckKey(string key)
    {
        if (key.Length == 0 || key.IsLongerThan(MaxKey))
            throw Refusal.Invalid($"A key is empty or longer than {MaxKey} characters: '{CodePoints.Cut(key, 40)}'.");
    }

    /// <summary>Points of one metric of one run.</summary>
    /// <param name="RunId">The run.</param>
    /// <param name="Key">The metric.</param>
    /// <param name="At">Microseconds.</param>
    /// <param name="Step">Steps.</param>
    /// <param name="Value">Values.</param>
    public sealed record Series(string RunId, string Key, IReadOnlyList<long> At, IReadOnlyList<long> Step, IReadOnlyList<double> Value);
}
