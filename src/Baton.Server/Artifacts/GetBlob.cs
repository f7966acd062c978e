using Baton.Contracts;
using Baton.Database;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.References;
using Baton.Storage;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Artifacts;

/// <summary>
/// Serves a blob by its digest, to agents. The whole of it is checked before the first byte goes out, so that a damaged one is a clean answer that
/// names its digest, and never a transfer cut half way.
/// </summary>
internal static class GetBlob
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapV1("GET", "blobs/{digest}", Permission.ReadBlobs, async (
        string digest, Caller caller, BlobStore blobs, BatonDatabase database, IEnumerable<IBlobGuard> guards, CancellationToken cancellation) =>
    {
        if (!Digests.IsDigest(digest))
            throw Refusal.Invalid($"'{digest}' is no digest: expected sha256: and 64 hex digits.");
        await database.ReadAsync(async sql =>
        {
            foreach (var guard in guards)
                await guard.CheckAsync(sql, caller, digest);
            return true;
        }, cancellation);
        await using var blob = await blobs.OpenAsync(Digest.Parse(digest), cancellation);
        if (blob is null)
        {
            throw await database.ReadAsync(sql => sql.IsHeldAsync(digest), cancellation)
                ? new Refusal(ProblemCode.BlobCorrupt, $"The stored file {digest} is missing; restore it from a backup, or upload the same content again.")
                : Refusal.NotFound($"There is no blob {digest}.");
        }

        await blob.CopyToAsync(Stream.Null, 0, blob.Size, cancellation);
        return new BlobResponse(blobs, digest, "application/octet-stream", null);
    });
}
