using Baton.Database;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Runs;

/// <summary>Reads runs with what was logged to them, and the history of a metric.</summary>
internal sealed class ReadRuns(BatonDatabase database, RunsStore store)
{
    public async Task<Run> GetAsync(Caller caller, string runId, CancellationToken cancellation) =>
        await FindAsync(caller, runId, cancellation) ?? throw RunsErrors.NoRun(runId);

    public Task<Run?> FindAsync(Caller caller, string runId, CancellationToken cancellation) =>
        database.ReadAsync(sql => store.LoadRunAsync(sql, caller.Project, runId), cancellation);

    /// <summary>Newest first; of one experiment, or of all.</summary>
    public Task<IReadOnlyList<Run>> ListAsync(Caller caller, long? experimentId, int limit, CancellationToken cancellation) =>
        database.ReadAsync(sql => store.ListRunsAsync(sql, caller.Project, experimentId, limit), cancellation);

    /// <summary>Every point of a metric by time, step, value.</summary>
    public Task<IReadOnlyList<MetricPoint>> HistoryAsync(Caller caller, string runId, string key, long? limit, CancellationToken cancellation) =>
        database.ReadAsync(sql => store.HistoryAsync(sql, caller.Project, runId, key, limit ?? long.MaxValue), cancellation);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMlflow("GET", "runs/get", Permission.ReadRuns, async (
            MlflowRequest request, Caller caller, ReadRuns read, CancellationToken cancellation) =>
            MlflowAnswer.Of(new { Run = MlflowRun.Of(await read.GetAsync(caller, request.RequiredRunId(), cancellation)) }));
        routes.MapMlflow("GET", "metrics/get-history", Permission.ReadRuns, async (
            MlflowRequest request, Caller caller, ReadRuns read, CancellationToken cancellation) =>
        {
            if (request.Optional("page_token") is { Length: > 0 })
                throw Refusal.Invalid("Invalid page token: the history is answered whole, without pages.");
            var points = await read.HistoryAsync(caller, request.RequiredRunId(), request.Required("metric_key"), null, cancellation);
            return MlflowAnswer.Of(new { Metrics = points.Select(p => new MlflowMetric(p.Key, p.Number, p.At / 1000, p.Step)).ToList().OrNothing() });
        });
    }
}
