using Baton.Server.Platform.Access;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ids;
using Baton.Server.Platform.Ledger;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Runs;

/// <summary>Changes a run's status, end or name.</summary>
internal sealed class UpdateRun(Writes writes, RunsStore store)
{
    private static readonly string[] Statuses = ["RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED"];

    /// <param name="caller">Who asks.</param>
    /// <param name="runId">The run.</param>
    /// <param name="status">New status, or null.</param>
    /// <param name="endTime">Milliseconds since 1970, or null.</param>
    /// <param name="name">New name; null or empty keeps it.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public Task<Run> HandleAsync(Caller caller, string runId, string? status, long? endTime, string? name, CancellationToken cancellation)
    {
        if (status is not null && !Statuses.Contains(status))
            throw Refusal.Invalid($"Invalid value \"{status}\" for parameter 'status' supplied: expected one of {string.Join(", ", Statuses)}.");
        return writes.RunAsync(caller, async change =>
        {
            var run = await store.FindRunAsync(change.Sql, change.Project, runId) ?? throw RunsErrors.NoRun(runId);
            if (run.LifecycleStage != "active")
                throw RunsErrors.RunDeleted(runId);
            var newName = string.IsNullOrEmpty(name) ? null : name;
            await store.UpdateRunAsync(change, runId, status, endTime is { } end ? Instants.FromMillis(end, "end_time") : null, newName);
            if (newName is not null)
                await store.SetTagAsync(change, runId, CreateRun.NameTag, newName);
            if (status is not null && status != run.Status)
                await change.RecordAsync("run.status_changed", $"runs/{runId}", new { from = run.Status, to = status });
            return (await store.FindRunAsync(change.Sql, change.Project, runId))!;
        }, cancellation);
    }

    public static void Map(IEndpointRouteBuilder routes) => routes.MapMlflow("POST", "runs/update", Permission.WriteRuns, async (
        MlflowRequest request, Caller caller, UpdateRun update, CancellationToken cancellation) =>
    {
        var run = await update.HandleAsync(
            caller, request.RequiredRunId(), request.Optional("status"), request.Integer("end_time"), request.Optional("run_name"), cancellation);
        return MlflowAnswer.Of(new { RunInfo = MlflowRunHead.Of(run) });
    });
}
