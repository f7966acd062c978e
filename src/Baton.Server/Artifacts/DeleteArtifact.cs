using Baton.Server.Platform.Access;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ledger;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Artifacts;

/// <summary>Takes a file, or a folder with all in it, off the map. The bytes stay until nothing holds them and unused blobs are collected.</summary>
internal sealed class DeleteArtifact(Writes writes, ArtifactsStore store)
{
    public Task HandleAsync(Caller caller, ArtifactPath path, CancellationToken cancellation)
    {
        if (path.Value.Length == 0)
            throw Refusal.Invalid("Invalid path: to delete the whole artifact store is refused; name a file or folder.");
        PutArtifact.CheckTarget(path);
        return writes.RunAsync(caller, async change =>
        {
            await store.LockBranchAsync(change, path);
            await store.DeleteAsync(change, path);
            return true;
        }, cancellation);
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        foreach (var prefix in ArtifactsModule.Prefixes)
        {
            routes.MapRoute(prefix + "/artifacts/{**path}", ["DELETE"], async (
                string? path, HttpRequest request, Caller caller, DeleteArtifact delete, CancellationToken cancellation) =>
            {
                await delete.HandleAsync(caller, ArtifactPath.Of(request, path ?? ""), cancellation);
                return MlflowAnswer.Empty;
            }).Requires(Permission.WriteArtifacts);
        }
    }
}
