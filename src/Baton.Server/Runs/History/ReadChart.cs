using Baton.Database;
using Baton.Server.Platform.Access;

namespace Baton.Server.Runs.History;

/// <summary>Reads a metric for a chart by step: its points, or where they are many the least and greatest value of each part.</summary>
internal sealed class ReadChart(BatonDatabase database, HistoryStore store, ArrivedPoints arrived)
{
    private const int MostBuckets = 500;

    public async Task<Chart> HandleAsync(Caller caller, string runId, string key, CancellationToken cancellation)
    {
        await arrived.SettleAsync(caller, [runId], cancellation);
        return await database.ReadAsync(sql => ReadAsync(sql, caller.Project, runId, key), cancellation);
    }

    private async Task<Chart> ReadAsync(Session sql, string project, string runId, string key)
    {
        if ((await store.FindAsync(sql, project, runId, key)).Series is not { } series)
            return new Chart(0, false, []);
        if (await store.SampleAsync(sql, series, StepRange.Everything, MostBuckets) is { } sampled)
            return new Chart(sampled.Of, true, [.. sampled.Buckets.SelectMany(EndsOf)]);
        var block = new PointBlock(MostBuckets);
        await store.FillAsync(sql, series, PointPlace.Start, StepRange.Everything, block);
        var points = Enumerable.Range(0, block.Count).Select(block.PlaceOf).OrderBy(p => p.Step.Exact).ThenBy(p => p.At);
        return new Chart(block.Count, false, [.. points.Select(p => new ChartPoint((double)p.Step.Exact, p.IsNan ? null : p.Value))]);
    }

    private static IEnumerable<ChartPoint> EndsOf(SampledBucket bucket) =>
        bucket.Points == 1 ? [new(bucket.FirstStep, bucket.Least)] : [new(bucket.FirstStep, bucket.Least), new(bucket.LastStep, bucket.Greatest)];

    /// <param name="Of">How many points the metric has.</param>
    /// <param name="IsSampled">Whether the chart tells only the least and greatest value of each part.</param>
    /// <param name="Points">By step.</param>
    public sealed record Chart(long Of, bool IsSampled, IReadOnlyList<ChartPoint> Points);

    /// <param name="Step">Where it stands.</param>
    /// <param name="Value">Null for NaN.</param>
    public readonly record struct ChartPoint(double Step, double? Value);
}
