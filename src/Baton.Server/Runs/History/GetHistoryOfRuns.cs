using Baton.Database;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Runs.History;

/// <summary>Answers the points of a metric of several runs, run by run, cut at a number of points altogether.</summary>
internal sealed class GetHistoryOfRuns(BatonDatabase database, HistoryStore store, ArrivedPoints arrived)
{
    private const int MaxRuns = 100;
    private const int MostPoints = 25_000;

    public async Task WriteAsync(Caller caller, IReadOnlyList<string> runIds, string key, long? maxResults, HttpResponse response, CancellationToken cancellation)
    {
        await arrived.SettleAsync(caller, [.. runIds.Distinct()], cancellation);
        var found = await database.ReadAsync(sql => store.FindAsync(sql, caller.Project, [.. runIds.Distinct()], key), cancellation);
        await using var json = new MetricsJson(response, key);
        var left = Math.Min(maxResults ?? MostPoints, MostPoints);
        foreach (var (runId, series) in found.OrderBy(f => f.Key, StringComparer.Ordinal))
        {
            var stream = new PointStream(database, store, series, PointPlace.Start, StepRange.Everything, left);
            while (left > 0 && await stream.NextAsync(cancellation))
            {
                var count = (int)Math.Min(stream.Block.Count, left);
                await json.WriteAsync(stream.Block, count, runId, cancellation);
                left -= count;
            }
        }

        await json.EndAsync(null, cancellation);
    }

    public static void Map(IEndpointRouteBuilder routes) => routes.MapAjax("GET", "metrics/get-history-bulk", Permission.ReadRuns, (
        MlflowRequest request, Caller caller, GetHistoryOfRuns get, HttpResponse response, CancellationToken cancellation) =>
    {
        var runIds = request.Strings("run_id");
        if (runIds.Count == 0)
            throw Refusal.Invalid("GetMetricHistoryBulk request must specify at least one run_id.");
        if (runIds.Count > MaxRuns)
            throw Refusal.Invalid($"GetMetricHistoryBulk request cannot specify more than {MaxRuns} run_ids. Received {runIds.Count} run_ids.");
        if (request.Optional("metric_key") is not { Length: > 0 } key)
            throw Refusal.Invalid("GetMetricHistoryBulk request must specify a metric_key.");
        var most = request.Integer("max_results");
        if (most < 0)
            throw Refusal.Invalid($"Invalid value {most} for parameter 'max_results' supplied: expected 0 or more.");
        return get.WriteAsync(caller, runIds, key, most, response, cancellation);
    });
}
