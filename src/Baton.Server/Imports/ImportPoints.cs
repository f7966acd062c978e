using Baton.Server.Platform.Access;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ids;
using Baton.Server.Platform.Ledger;
using Baton.Server.Runs;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Imports;

/// <summary>Imports points of metrics, all of a request or none. A point that is there already is no change.</summary>
internal sealed class ImportPoints(Writes writes, AdoptPoints adopt, ImportsStore store)
{
    private const int MostPoints = 100_000;

    public Task HandleAsync(Caller caller, Request request, CancellationToken cancellation)
    {
        var count = 0;
        foreach (var one in request.Series)
        {
            if (one.At.Count != one.Value.Count || one.Step.Count != one.Value.Count)
                throw Refusal.Invalid($"The columns of '{one.Key}' differ in length: {one.At.Count}, {one.Step.Count} and {one.Value.Count}.");
            count += one.Value.Count;
        }

        if (count > MostPoints)
            throw Refusal.Invalid($"{count} points are sent at once; at most {MostPoints} are taken.");
        var series = request.Series.Select(s => new AdoptPoints.Series(
            s.RunId, s.Key, [.. s.At.Select(at => Instants.FromMillis(at, "timestamp"))], s.Step, s.Value)).ToList();
        return writes.RunAsync(caller, async change =>
        {
            await adopt.HandleAsync(change, series);
            await store.PutAsync(change, request.Source, ImportKinds.Points, request.Complete);
            return true;
        }, cancellation);
    }

    public static void Map(IEndpointRouteBuilder routes) => routes.MapV1("POST", "import/points", Permission.Import, async (
        HttpRequest request, Caller caller, ImportPoints import, CancellationToken cancellation) =>
    {
        await import.HandleAsync(caller, await ImportBody.ReadAsync<Request>(request, cancellation), cancellation);
        return Results.NoContent();
    });

    /// <param name="Source">Where they come from.</param>
    /// <param name="Series">The points.</param>
    /// <param name="Complete">Runs whose last points these are.</param>
    public sealed record Request(string Source, IReadOnlyList<ImportedSeries> Series, IReadOnlyList<Mark> Complete) : IImport;
}
