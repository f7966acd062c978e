using Baton.Server.Platform.Access;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ledger;
using Baton.Server.Platform.References;
using Baton.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Artifacts;

/// <summary>Stores a file: its bytes as a blob first, its row after, so that a crash leaves an orphan and never a row without bytes.</summary>
internal sealed class PutArtifact(Writes writes, ArtifactsStore store, BlobStore blobs)
{
    /// <summary>The largest file taken, bytes.</summary>
    public const long MaxBytes = 64L * 1024 * 1024 * 1024;

    public async Task<Blob> HandleAsync(Caller caller, ArtifactPath path, Stream content, long? length, CancellationToken cancellation)
    {
        if (SealedPath.Of(path) is not null)
            throw Refusal.Invalid($"Invalid path: what is below '{SealedPath.Root}' is sealed and never changes.");
        Blob blob;
        try
        {
            blob = await blobs.PutAsync(content, new BlobLimits { MaxBytes = MaxBytes, ExpectedLength = length }, cancellation);
        }
        catch (BlobTooLargeException)
        {
            throw new Refusal(ProblemCode.TooLarge, $"The file is larger than {MaxBytes} bytes, the most that is taken.");
        }
        catch (BlobLengthMismatchException cut)
        {
            throw Refusal.Invalid($"The body ended after {cut.Actual} bytes; Content-Length announced {cut.Expected}. Nothing was stored.");
        }

        return await writes.RunAsync(caller, async change =>
        {
            var holder = HolderOf(path);
            await change.ReleaseAsync(holder);
            await store.PutAsync(change, path, blob.Digest.ToString(), blob.Size);
            await change.HoldAsync(holder, blob.Digest.ToString());
            return blob;
        }, cancellation);
    }

    private static string HolderOf(ArtifactPath path) => $"artifacts/{path.Value}";

    public static void Map(IEndpointRouteBuilder routes)
    {
        foreach (var prefix in ArtifactsModule.Prefixes)
        {
            routes.MapMethods(prefix + "/artifacts/{**path}", ["PUT"], async (
                string path, HttpContext context, Caller caller, PutArtifact put, CancellationToken cancellation) =>
            {
                if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
                    size.MaxRequestBodySize = MaxBytes;
                var at = ArtifactPath.Of(context.Request, path);
                if (at.Value.Length == 0)
                    throw Refusal.Invalid("Invalid path: a file needs a name.");
                await put.HandleAsync(caller, at, context.Request.Body, context.Request.ContentLength, cancellation);
                return MlflowAnswer.Empty;
            }).Requires(Permission.WriteArtifacts);
        }
    }
}
