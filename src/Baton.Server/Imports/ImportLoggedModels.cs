using Baton.Contracts;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ledger;
using Baton.Server.Runs.LoggedModels;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Imports;

/// <summary>Imports logged models, all of a request or none. Again is no change.</summary>
internal sealed class ImportLoggedModels(Writes writes, AdoptLoggedModel adopt, ImportsStore store)
{
    private const int MostModels = 500;

    /// <summary>The root of each model's files, in order.</summary>
    public Task<IReadOnlyList<string>> HandleAsync(Caller caller, Request request, CancellationToken cancellation)
    {
        if (request.Models.Count > MostModels)
            throw Refusal.Invalid($"{request.Models.Count} logged models are sent at once; at most {MostModels} are taken.");
        var models = request.Models.Select(m => m.Model.ToModel()).ToList();
        return writes.RunAsync<IReadOnlyList<string>>(caller, async change =>
        {
            var roots = new List<string>(models.Count);
            foreach (var model in models)
                roots.Add(await adopt.HandleAsync(change, model));
            await store.PutAsync(
                change, request.Source, ImportKinds.LoggedModel, [.. request.Models.Zip(roots, (m, root) => new Mark(m.Model.ModelId, m.Digest, root))]);
            return roots;
        }, cancellation);
    }

    public static void Map(IEndpointRouteBuilder routes) => routes.MapV1("POST", "import/logged-models", Permission.Import, async (
        HttpRequest request, Caller caller, ImportLoggedModels import, CancellationToken cancellation) =>
        Results.Json(
            new Answer(await import.HandleAsync(caller, await ImportBody.ReadAsync<Request>(request, cancellation), cancellation)), Documents.Compact));

    public sealed record Request(string Source, IReadOnlyList<Item> Models) : IImport;

    public sealed record Item(string Digest, ImportedLoggedModel Model);

    private sealed record Answer(IReadOnlyList<string> ArtifactUris);
}
