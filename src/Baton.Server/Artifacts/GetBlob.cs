using Baton.Contracts;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Http;
using Baton.Storage;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Artifacts;

/// <summary>Serves a blob by its digest, to agents.</summary>
internal static class GetBlob
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapV1("GET", "blobs/{digest}", Permission.ReadBlobs, (string digest, BlobStore blobs) =>
    {
        if (!Digests.IsDigest(digest))
            throw Refusal.Invalid($"'{digest}' is no digest: expected sha256: and 64 hex digits.");
        if (!blobs.Contains(Digest.Parse(digest)))
            throw Refusal.NotFound($"There is no blob {digest}.");
        return new BlobResponse(blobs, digest, "application/octet-stream", null);
    });
}
