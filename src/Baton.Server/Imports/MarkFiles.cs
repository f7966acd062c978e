using Baton.Server.Platform.Access;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ledger;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Imports;

/// <summary>Remembers files that were uploaded, so that they are not uploaded again.</summary>
internal sealed class MarkFiles(Writes writes, ImportsStore store)
{
    private const int MostFiles = 10_000;

    public Task HandleAsync(Caller caller, Request request, CancellationToken cancellation)
    {
        if (request.Files.Count > MostFiles)
            throw Refusal.Invalid($"{request.Files.Count} files are named at once; at most {MostFiles} are taken.");
        return writes.RunAsync(caller, async change =>
        {
            await store.PutAsync(change, request.Source, ImportKinds.File, request.Files);
            return true;
        }, cancellation);
    }

    public static void Map(IEndpointRouteBuilder routes) => routes.MapV1("POST", "import/files", Permission.Import, async (
        HttpRequest request, Caller caller, MarkFiles mark, CancellationToken cancellation) =>
    {
        await mark.HandleAsync(caller, await ImportBody.ReadAsync<Request>(request, cancellation), cancellation);
        return Results.NoContent();
    });

    public sealed record Request(string Source, IReadOnlyList<Mark> Files) : IImport;
}
