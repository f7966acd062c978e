using Baton.Contracts;
using Baton.Database;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Imports;

/// <summary>Tells which of a source's things were imported, with the digest they had then: what has not changed need not be sent again.</summary>
internal sealed class ReadImported(BatonDatabase database, ImportsStore store)
{
    private const int MostIds = 10_000;

    public Task<IReadOnlyList<ImportsStore.MarkRow>> HandleAsync(Caller caller, Request request, CancellationToken cancellation)
    {
        if (request.Ids.Count > MostIds)
            throw Refusal.Invalid($"{request.Ids.Count} ids are asked for at once; at most {MostIds} are answered.");
        return !ImportKinds.All.Contains(request.Kind)
            ? throw Refusal.Invalid($"'{request.Kind}' is nothing that is imported: expected one of {string.Join(", ", ImportKinds.All)}.")
            : database.ReadAsync(sql => store.FindAsync(sql, caller.Project, request.Source, request.Kind, request.Ids), cancellation);
    }

    public static void Map(IEndpointRouteBuilder routes) => routes.MapV1("POST", "import/known", Permission.Import, async (
        HttpRequest request, Caller caller, ReadImported read, CancellationToken cancellation) =>
    {
        var known = await read.HandleAsync(caller, await ImportBody.ReadAsync<Request>(request, cancellation), cancellation);
        return Results.Json(new Answer([.. known.Select(k => new Mark(k.SourceId, k.Digest, k.Target))]), Documents.Compact);
    });

    public sealed record Request(string Source, string Kind, IReadOnlyList<string> Ids) : IImport;

    private sealed record Answer(IReadOnlyList<Mark> Known);
}
