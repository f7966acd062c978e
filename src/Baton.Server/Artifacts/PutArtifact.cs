using Baton.Server.Platform.Access;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ledger;
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
        CheckTarget(path);
        Blob blob;
        try
        {
            blob = await blobs.PutAsync(content, new BlobLimits { MaxBytes = MaxBytes, ExpectedLength = length }, cancellation);
        }
        catch (BlobTooLargeException)
        {
            throw TooLarge();
        }
        catch (BlobLengthMismatchException cut)
        {
            throw Refusal.Invalid($"The body ended after {cut.Actual} bytes; Content-Length announced {cut.Expected}. Nothing was stored.");
        }

        return await writes.RunAsync(caller, async change =>
        {
            await NameAsync(change, path, blob);
            return blob;
        }, cancellation);
    }

    /// <summary>Gives stored bytes their path in the map, as part of a change.</summary>
    public async Task NameAsync(Change change, ArtifactPath path, Blob blob)
    {
        await store.LockBranchAsync(change, path);
        if (await store.FindObstacleAsync(change.Sql, change.Project, path) is { } obstacle)
        {
            throw Refusal.Invalid(path.Above.Contains(obstacle)
                ? $"Invalid path: '{path.Value}' would be below '{obstacle}', which is a file."
                : $"Invalid path: '{path.Value}' is a folder; there is '{obstacle}' in it.");
        }

        // Whoever collects unused blobs spares those put lately; this answers the rare upload that took longer than that.
        if (!blobs.Contains(blob.Digest))
            throw new Refusal(ProblemCode.Conflict, "The file was removed as unused before it was named; send it again.");
        await store.DeleteAsync(change, path);
        await store.PutAsync(change, path, blob.Digest.ToString(), blob.Size);
        await ArtifactsStore.HoldAsync(change, path, blob.Digest.ToString());
    }

    /// <summary>Refuses what no file can be stored as.</summary>
    public static void CheckTarget(ArtifactPath path)
    {
        if (path.Value.Length == 0)
            throw Refusal.Invalid("Invalid path: a file needs a name.");
        if (SealedPath.Of(path) is not null)
            throw Refusal.Invalid($"Invalid path: what is below '{SealedPath.Root}' is sealed and never changes.");
    }

    public static Refusal TooLarge() => new(ProblemCode.TooLarge, $"The file is larger than {MaxBytes} bytes, the most that is taken.");

    /// <summary>Lets a request's body be as large as a file may be.</summary>
    public static void AllowLargeBody(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = MaxBytes;
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        foreach (var prefix in ArtifactsModule.Prefixes)
        {
            routes.MapRoute(prefix + "/artifacts/{**path}", ["PUT"], async (
                string? path, HttpContext context, Caller caller, PutArtifact put, CancellationToken cancellation) =>
            {
                AllowLargeBody(context);
                await put.HandleAsync(
                    caller, ArtifactPath.Of(context.Request, path ?? ""), context.Request.Body, context.Request.ContentLength, cancellation);
                return MlflowAnswer.Empty;
            }).Requires(Permission.WriteArtifacts);
        }
    }
}
