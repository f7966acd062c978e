using Baton.Client;

namespace Baton.Importing;

/// <summary>Gathers points of many runs and sends them by the ten thousand: however many there are, few are in memory.</summary>
internal sealed class PointBatch(Courier courier, ImportReport report)
{
    private const int Most = 20_000;
    private const long LatestTime = 253_402_300_799_999;

    private readonly Dictionary<(string Run, string Key), (List<long> At, List<long> Step, List<double> Value)> _series = [];
    private readonly List<(ImportMark Mark, Action Taken)> _complete = [];
    private int _count;

    /// <summary>Adds all points of a run, sending whenever there are enough.</summary>
    public async Task AddAsync(SourceRun run, CancellationToken stop)
    {
        var carried = 0L;
        foreach (var point in run.Points)
        {
            if (Texts.KeyFault(point.Key) is { } fault)
                report.Skip(Kinds.Points, run.Content.RunId, fault);
            else if (point.At is < 0 or > LatestTime)
                report.Skip(Kinds.Points, $"{run.Content.RunId}/{point.Key}", $"its time {point.At} is none: expected milliseconds since 1970");
            else
            {
                if (!_series.TryGetValue((run.Content.RunId, point.Key), out var series))
                    _series[(run.Content.RunId, point.Key)] = series = ([], [], []);
                series.At.Add(point.At);
                series.Step.Add(point.Step);
                series.Value.Add(point.Value);
                carried++;
                report.Carried(Kinds.Points);
                if (double.IsInfinity(point.Value))
                    report.Note(Kinds.Points, $"{run.Content.RunId}/{point.Key}", "an infinity became the greatest number there is, as in MLflow");
                if (++_count >= Most)
                    await SendAsync(stop);
            }
        }

        if (run.ArePointsWhole())
            _complete.Add((new ImportMark(run.Content.RunId, run.PointsDigest, $"{carried}"), run.PointsTaken));
        else
            _complete.Add((new ImportMark(run.Content.RunId, "incomplete", $"{carried}"), run.PointsTaken));
        if (_complete.Count >= 1000)
            await SendAsync(stop);
    }

    public async Task SendAsync(CancellationToken stop)
    {
        if (courier.Client is { } client && (_count > 0 || _complete.Count > 0))
        {
            var series = _series.Select(s => new ImportedSeries(s.Key.Run, s.Key.Key, s.Value.At, s.Value.Step, s.Value.Value)).ToList();
            try
            {
                await SendAsync(client, series, _complete, stop);
            }
            catch (BatonApiException refused) when (Courier.IsRefusal(refused))
            {
                // One run that is not taken, such as one deleted for good here, keeps no other back.
                await SendByRunAsync(client, series, stop);
            }
        }

        _series.Clear();
        _complete.Clear();
        _count = 0;
    }

    private async Task SendByRunAsync(BatonClient client, List<ImportedSeries> series, CancellationToken stop)
    {
        var ofRuns = series.ToLookup(s => s.RunId);
        foreach (var run in ofRuns.Select(g => g.Key).Union(_complete.Select(c => c.Mark.Id)).ToList())
        {
            try
            {
                await SendAsync(client, [.. ofRuns[run]], [.. _complete.Where(c => c.Mark.Id == run)], stop);
            }
            catch (BatonApiException refused) when (Courier.IsRefusal(refused))
            {
                var count = ofRuns[run].Sum(s => s.Value.Count);
                report.Carried(Kinds.Points, -count);
                report.Skip(Kinds.Points, run, refused.Message, count);
            }
        }
    }

    private async Task SendAsync(
        BatonClient client, IReadOnlyList<ImportedSeries> series, IReadOnlyList<(ImportMark Mark, Action Taken)> complete, CancellationToken stop)
    {
        await client.ImportPointsAsync(courier.Source, series, [.. complete.Select(c => c.Mark)], stop);
        foreach (var (mark, taken) in complete)
        {
            taken();
            courier.Learn("points", mark);
        }
    }
}
