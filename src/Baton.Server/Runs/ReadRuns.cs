using Baton.Database;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Runs;

/// <summary>Reads runs with what was logged to them.</summary>
internal sealed class ReadRuns(BatonDatabase database, RunsStore store)
{
    public async Task<Run> GetAsync(Caller caller, string runId, CancellationToken cancellation) =>
        await FindAsync(caller, runId, cancellation) ?? throw RunsErrors.NoRun(runId);

    public Task<Run?> FindAsync(Caller caller, string runId, CancellationToken cancellation) =>
        database.ReadAsync(sql => store.LoadRunAsync(sql, caller.Project, runId), cancellation);

    /// <summary>Newest first; of one experiment, or of all.</summary>
    public Task<IReadOnlyList<Run>> ListAsync(Caller caller, long? experimentId, int limit, CancellationToken cancellation) =>
        database.ReadAsync(sql => store.ListRunsAsync(sql, caller.Project, experimentId, limit), cancellation);

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapMlflow("GET", "runs/get", Permission.ReadRuns, async (MlflowRequest request, Caller caller, ReadRuns read, CancellationToken cancellation) =>
            MlflowRun.Answer(await read.GetAsync(caller, request.RequiredRunId(), cancellation)));
}
