using Baton.Server.Platform.Access;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ids;
using Baton.Server.Platform.Ledger;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Runs;

/// <summary>Changes a run's status, end or name.</summary>
internal sealed class UpdateRun(Writes writes, RunsStore store, LogKeys keys)
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
        var endedAt = endTime is { } end ? Instants.FromMillis(end, "end_time") : (long?)null;
        var newName = string.IsNullOrEmpty(name) ? null : name;
        return writes.RunAsync(caller, async change =>
        {
            var run = await store.ActiveRunAsync(change, runId);
            await store.UpdateRunAsync(change, run.RunNo, status, endedAt, newName);
            if (newName is not null)
                await store.SetTagsAsync(change, run.RunNo, [new LogPair(keys.Of(change.Project).Of(CreateRun.NameTag), newName)]);
            return run with { Status = status ?? run.Status, EndedAt = endedAt ?? run.EndedAt, Name = newName ?? run.Name };
        }, cancellation);
    }

    public static void Map(IEndpointRouteBuilder routes) => routes.MapMlflow("POST", "runs/update", Permission.WriteRuns, async (
        MlflowRequest request, Caller caller, UpdateRun update, CancellationToken cancellation) =>
    {
        var run = await update.HandleAsync(
            caller, request.RequiredRunId(), request.Choice("status", 1, Statuses), request.Integer("end_time"), request.Optional("run_name"), cancellation);
        return MlflowAnswer.Write(json =>
        {
            json.WriteStartObject();
            json.WritePropertyName("run_info"u8);
            MlflowRun.WriteInfo(json, run);
            json.WriteEndObject();
        });
    });
}
