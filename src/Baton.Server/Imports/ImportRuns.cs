using Baton.Contracts;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ledger;
using Baton.Server.Runs;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Imports;

/// <summary>Imports runs, all of a request or none. Again is no change.</summary>
internal sealed class ImportRuns(Writes writes, AdoptRun adopt, ImportsStore store)
{
    private const int MostRuns = 500;

    /// <summary>The root of each run's artifacts, in order.</summary>
    public Task<IReadOnlyList<string>> HandleAsync(Caller caller, Request request, CancellationToken cancellation)
    {
        if (request.Runs.Count > MostRuns)
            throw Refusal.Invalid($"{request.Runs.Count} runs are sent at once; at most {MostRuns} are taken.");
        var runs = request.Runs.Select(r => r.Run.ToRequest()).ToList();
        return writes.RunAsync<IReadOnlyList<string>>(caller, async change =>
        {
            var roots = new List<string>(runs.Count);
            foreach (var run in runs)
                roots.Add(await adopt.HandleAsync(change, run));
            await store.PutAsync(
                change, request.Source, ImportKinds.Run, [.. request.Runs.Zip(roots, (r, root) => new Mark(r.Run.RunId, r.Digest, root))]);
            return roots;
        }, cancellation);
    }

    public static void Map(IEndpointRouteBuilder routes) => routes.MapV1("POST", "import/runs", Permission.Import, async (
        HttpRequest request, Caller caller, ImportRuns import, CancellationToken cancellation) =>
        Results.Json(
            new Answer(await import.HandleAsync(caller, await ImportBody.ReadAsync<Request>(request, cancellation), cancellation)), Documents.Compact));

    public sealed record Request(string Source, IReadOnlyList<Item> Runs) : IImport;

    public sealed record Item(string Digest, ImportedRun Run);

    private sealed record Answer(IReadOnlyList<string> ArtifactUris);
}
