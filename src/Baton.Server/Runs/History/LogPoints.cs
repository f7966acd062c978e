using Baton.Contracts;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ledger;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Runs.History;

/// <summary>
/// Logs points that MLflow's routes have no words for, steps with decimals and texts, and any number of plain ones: all of a request or nothing.
/// The same points again are no change.
/// </summary>
internal sealed class LogPoints(Writes writes, RunsStore runs, SeriesStore store)
{
    private const int MaxBody = 64 * 1024 * 1024;

    public Task HandleAsync(Caller caller, string runId, PointsDocument points, CancellationToken cancellation) => writes.RunAsync(caller, async change =>
    {
        var run = await runs.ActiveRunAsync(change, runId);
        await runs.AddMetricsAsync(change, run, points.Numbers);
        if (points.Texts.Count > 0)
            await store.AddTextsAsync(change, run.RunNo, await runs.NumbersAsync(change, points.TextKeys), points.Texts);
        return true;
    }, cancellation);

    public static void Map(IEndpointRouteBuilder routes) => routes.MapV1("POST", "runs/{runId}/points", Permission.WriteRuns, async (
        string runId, HttpRequest request, Caller caller, LogPoints log, LogKeys keys, CancellationToken cancellation) =>
    {
        var points = PointsDocument.Read(await request.ReadBytesAsync(MaxBody, cancellation), keys.Of(caller.Project));
        await log.HandleAsync(caller, runId, points, cancellation);
        return Results.Json(new Answer(points.Numbers.Count, points.Texts.Count), Documents.Compact);
    });

    private sealed record Answer(int Points, int Texts);
}
