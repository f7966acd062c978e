using Baton.Contracts;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ids;
using Baton.Server.Platform.Ledger;
using Baton.Server.Registry;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Imports;

/// <summary>Imports a registered model, before its versions. Again is no change.</summary>
internal sealed class ImportModel(Writes writes, AdoptModel adopt, ImportsStore store)
{
    /// <summary>Whether the model is new here.</summary>
    public Task<bool> HandleAsync(Caller caller, Request request, CancellationToken cancellation)
    {
        var model = new RegisteredModel
        {
            Name = request.Name,
            Description = request.Description,
            CreatedAt = Instants.FromMillis(request.CreationTime, "creation_time"),
            UpdatedAt = Instants.FromMillis(request.LastUpdateTime, "last_update_time"),
            LastVersion = request.LastVersion,
            Tags = request.Tags,
        };
        return writes.RunAsync(caller, async change =>
        {
            var isNew = await adopt.HandleAsync(change, model, request.Source);
            await store.PutAsync(change, request.Source, ImportKinds.Model, [new Mark(request.Name, request.Digest, request.Name)]);
            return isNew;
        }, cancellation);
    }

    public static void Map(IEndpointRouteBuilder routes) => routes.MapV1("POST", "import/models", Permission.Import, async (
        HttpRequest request, Caller caller, ImportModel import, CancellationToken cancellation) =>
        Results.Json(
            new Answer(await import.HandleAsync(caller, await ImportBody.ReadAsync<Request>(request, cancellation), cancellation)), Documents.Compact));

    /// <summary>A model as it was at the source; times are milliseconds, <c>last_version</c> the highest number ever used.</summary>
    public sealed record Request(
        string Source,
        string Digest,
        string Name,
        string? Description,
        long CreationTime,
        long LastUpdateTime,
        long LastVersion,
        IReadOnlyDictionary<string, string> Tags) : IImport;

    private sealed record Answer(bool IsNew);
}
