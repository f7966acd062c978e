using Baton.Database;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Runs.History;

/// <summary>
/// Answers the points of a metric of several runs at some of its steps, as MLflow's charts ask for them: every so-many-th of the different steps,
/// the last one, and the first and last step of each run.
/// </summary>
internal sealed class SampleHistory(BatonDatabase database, HistoryStore store, ArrivedPoints arrived)
{
    private const int MaxRuns = 100;
    private const int MostSteps = 2500;
    private const int MostPointsOfRun = 25_000;

    public async Task WriteAsync(Caller caller, Request request, HttpResponse response, CancellationToken cancellation)
    {
        var runIds = request.RunIds.Distinct().ToArray();
        await arrived.SettleAsync(caller, runIds, cancellation);
        var (found, steps) = await database.ReadAsync(async sql =>
        {
            var found = await store.FindAsync(sql, caller.Project, runIds, request.Key);
            return (found, found.Count == 0 ? [] : await ChooseAsync(sql, found.Values.First().KeyNo, [.. found.Values.Select(s => s.RunNo)], request));
        }, cancellation);
        await using var json = new MetricsJson(response, request.Key);
        var block = new PointBlock(MostPointsOfRun);
        foreach (var runId in steps.Length == 0 ? [] : runIds.Where(found.ContainsKey))
        {
            await database.ReadAsync(
                async sql =>
                {
                    await store.FillAtAsync(sql, found[runId], steps, block);
                    return true;
                },
                cancellation);
            await json.WriteAsync(block, block.Count, runId, cancellation);
        }

        await json.EndAsync(null, cancellation);
    }

    private async Task<long[]> ChooseAsync(Session sql, long keyNo, long[] runNumbers, Request request)
    {
        var ofRuns = await store.WholeStepsAsync(sql, keyNo, runNumbers);
        if (ofRuns.Count == 0)
            return [];
        var (first, last) = request.Window ?? (0, ofRuns.Values.Max(r => r.Last));
        var chosen = new SortedSet<long>();
        var (count, place, taken, most) = (await store.CountStepsAsync(sql, keyNo, runNumbers, first, last), 0L, 0L, (long)request.MaxResults);
        await store.VisitStepsAsync(sql, keyNo, runNumbers, first, last, step =>
        {
            var isChosen = count <= most || place == count - 1;
            if (taken < most && place == taken * count / most)
            {
                taken++;
                isChosen = true;
            }

            if (isChosen)
                chosen.Add(step);
            place++;
        });
        foreach (var (low, high) in ofRuns.Values)
            chosen.UnionWith(new[] { low, high }.Where(step => step >= first && step <= last));
        return [.. chosen];
    }

    public static void Map(IEndpointRouteBuilder routes) => routes.MapMlflow("GET", "metrics/get-history-bulk-interval", Permission.ReadRuns, (
        MlflowRequest request, Caller caller, SampleHistory sample, HttpResponse response, CancellationToken cancellation) =>
    {
        var runIds = request.Strings("run_ids");
        if (runIds.Count == 0)
            throw request.Missing("run_ids");
        if (runIds.Count > MaxRuns)
            throw Refusal.Invalid($"GetMetricHistoryBulkInterval request must specify at most {MaxRuns} run_ids. Received {runIds.Count} run_ids.");
        var most = request.Integer("max_results") ?? MostSteps;
        if (most is < 1 or > MostSteps)
            throw Refusal.Invalid($"max_results must be between 1 and {MostSteps}.");
        var asked = new Request(runIds, request.Required("metric_key"), WindowOf(request), (int)most);
        return sample.WriteAsync(caller, asked, response, cancellation);
    });

    private static (long First, long Last)? WindowOf(MlflowRequest request)
    {
        var (start, end) = (request.Integer("start_step"), request.Integer("end_step"));
        if (start is null != end is null)
            throw Refusal.Invalid("If either start step or end step are specified, both must be specified.");
        if (start > end)
            throw Refusal.Invalid($"end_step must be greater than start_step. Found start_step={start} and end_step={end}");
        return start is { } first && end is { } last ? (first, last) : null;
    }

    /// <param name="RunIds">In the order of the answer.</param>
    /// <param name="Key">The metric.</param>
    /// <param name="Window">Which steps count; from 0 to the last where null.</param>
    /// <param name="MaxResults">How many different steps at most, beside the ends of runs.</param>
    public sealed record Request(IReadOnlyList<string> RunIds, string Key, (long First, long Last)? Window, int MaxResults);
}
