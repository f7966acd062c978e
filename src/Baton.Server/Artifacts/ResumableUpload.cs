using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Baton.Database;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ids;
using Baton.Server.Platform.Ledger;
using Baton.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Artifacts;

/// <summary>
/// Takes a file in as many requests as it needs, each going on where the last one broke off: the core of tus 1.0 with its extensions creation,
/// expiration and termination. What was acknowledged survives a crash; an upload that nothing comes for is swept after a day.
/// </summary>
internal sealed class ResumableUpload(BatonDatabase database, Writes writes, ArtifactsStore store, PartialFiles files, BlobStore blobs, PutArtifact put, IdSource ids)
{
    private const int OnlyPart = 1;
    private const string Version = "1.0.0";
    private const string ContentType = "application/offset+octet-stream";

    private readonly ConcurrentDictionary<string, bool> _finishing = new();

    public async Task<string> BeginAsync(Caller caller, ArtifactPath path, long size, CancellationToken cancellation)
    {
        PutArtifact.CheckTarget(path);
        if (size > PutArtifact.MaxBytes)
            throw PutArtifact.TooLarge();
        var upload = new Upload { Id = ids.Next(), Kind = Upload.Resumable, Path = path.Value, Size = size };
        await writes.RunAsync(caller, async change =>
        {
            await store.InsertUploadAsync(change, upload);
            return true;
        }, cancellation);
        if (size == 0)
            await FinishAsync(caller, upload, cancellation);
        return upload.Id;
    }

    /// <summary>The upload and how many bytes of it are on the disk.</summary>
    public async Task<(Upload Upload, long Offset)> FindAsync(Caller caller, string id, CancellationToken cancellation)
    {
        var upload = await database.ReadAsync(sql => store.FindUploadAsync(sql, caller.Project, id), cancellation);
        if (upload is not { Kind: Upload.Resumable, Size: { } size })
            throw Refusal.NotFound($"There is no resumable upload {id}; it may have been swept after a day without a byte. Begin another.");
        return (upload, upload.Finished || IsStored(upload) ? size : files.DurableLength(id, OnlyPart));
    }

    /// <summary>Appends what comes; with the last byte the file gets its place in the map.</summary>
    /// <returns>How many bytes are on the disk.</returns>
    public async Task<long> AppendAsync(Caller caller, string id, long offset, Stream content, CancellationToken cancellation)
    {
        var (upload, there) = await FindAsync(caller, id, cancellation);
        if (offset != there)
            throw new Refusal(ProblemCode.Conflict, $"The upload has {there} bytes, but Upload-Offset says {offset}: ask with HEAD and go on from there.");
        try
        {
            if (there < upload.Size)
                there = await files.AppendAsync(id, OnlyPart, there, content, upload.Size!.Value, cancellation);
        }
        catch (PartBusyException busy)
        {
            throw new Refusal(ProblemCode.Conflict, busy.Message + " Ask with HEAD and go on from there.");
        }
        catch (BlobTooLargeException)
        {
            throw Refusal.Invalid($"More bytes came than the {upload.Size} that Upload-Length announced.");
        }

        if (there == upload.Size)
            await FinishAsync(caller, upload, cancellation);
        else
            await TouchAsync(caller, id, null, cancellation);
        return there;
    }

    public async Task DropAsync(Caller caller, string id, CancellationToken cancellation)
    {
        await FindAsync(caller, id, cancellation);
        await writes.RunAsync(caller, change => store.DeleteUploadAsync(change, id), cancellation);
        files.Remove(id);
    }

    private async Task FinishAsync(Caller caller, Upload upload, CancellationToken cancellation)
    {
        if (upload.Finished)
            return;
        // A client that lost patience with the hashing asks again; the bytes can be named once only.
        if (!_finishing.TryAdd(upload.Id, true))
            throw new Refusal(ProblemCode.Conflict, "The upload is whole and its file is being put in place. Ask with HEAD and go on from there.");
        try
        {
            // Read again: another request may have ended it between our look and our turn.
            var (stands, _) = await FindAsync(caller, upload.Id, cancellation);
            if (!stands.Finished)
                await PutInPlaceAsync(caller, stands, cancellation);
        }
        finally
        {
            _finishing.TryRemove(upload.Id, out _);
        }
    }

    private async Task PutInPlaceAsync(Caller caller, Upload upload, CancellationToken cancellation)
    {
        var limits = new BlobLimits { ExpectedLength = upload.Size };
        var blob = IsStored(upload) ? new Blob(Digest.Parse(upload.Digest!), upload.Size!.Value)
            : upload.Size == 0 ? await blobs.PutAsync(Stream.Null, limits, cancellation)
            : await files.FinishAsync(upload.Id, OnlyPart, limits, digest => TouchAsync(caller, upload.Id, digest.ToString(), cancellation), cancellation);
        await writes.RunAsync(caller, async change =>
        {
            if (await store.FinishUploadAsync(change, upload.Id, blob.Digest.ToString()))
                await put.NameAsync(change, ArtifactPath.Parse(upload.Path), blob);
            return true;
        }, cancellation);
        files.Remove(upload.Id);
    }

    private Task<bool> TouchAsync(Caller caller, string id, string? digest, CancellationToken cancellation) =>
        writes.RunAsync(caller, change => store.TouchUploadAsync(change, id, digest), cancellation);

    /// <summary>Whether the bytes are a blob already that only waits for its name: the server stopped in between.</summary>
    private bool IsStored(Upload upload) => upload.Digest is { } digest && blobs.Contains(Digest.Parse(digest));

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapV1("OPTIONS", "uploads", Permission.Anyone, (HttpResponse response) =>
        {
            response.Headers["Tus-Version"] = Version;
            response.Headers["Tus-Extension"] = "creation,expiration,termination";
            response.Headers["Tus-Max-Size"] = PutArtifact.MaxBytes.ToString(CultureInfo.InvariantCulture);
            return Answer(response, StatusCodes.Status204NoContent);
        });
        routes.MapV1("POST", "uploads", Permission.WriteArtifacts, async (
            HttpRequest request, HttpResponse response, Caller caller, ResumableUpload upload, CancellationToken cancellation) =>
        {
            if (!SpeaksTus(request))
                return Answer(response, StatusCodes.Status412PreconditionFailed);
            var id = await upload.BeginAsync(caller, ArtifactPath.Parse(NameOf(request)), Number(request, "Upload-Length"), cancellation);
            response.Headers.Location = $"{request.PathBase}/api/v1/uploads/{id}";
            return Answer(response, StatusCodes.Status201Created);
        });
        routes.MapV1("HEAD", "uploads/{id}", Permission.WriteArtifacts, async (
            string id, HttpResponse response, Caller caller, ResumableUpload upload, CancellationToken cancellation) =>
        {
            var (found, offset) = await upload.FindAsync(caller, id, cancellation);
            response.Headers["Upload-Length"] = found.Size!.Value.ToString(CultureInfo.InvariantCulture);
            response.Headers.CacheControl = "no-store";
            return Answer(response, StatusCodes.Status200OK, offset);
        });
        routes.MapV1("PATCH", "uploads/{id}", Permission.WriteArtifacts, async (
            string id, HttpContext context, Caller caller, ResumableUpload upload, CancellationToken cancellation) =>
        {
            if (!SpeaksTus(context.Request))
                return Answer(context.Response, StatusCodes.Status412PreconditionFailed);
            if (context.Request.ContentType != ContentType)
                return Answer(context.Response, StatusCodes.Status415UnsupportedMediaType);
            PutArtifact.AllowLargeBody(context);
            return Answer(
                context.Response,
                StatusCodes.Status204NoContent,
                await upload.AppendAsync(caller, id, Number(context.Request, "Upload-Offset"), context.Request.Body, cancellation));
        });
        routes.MapV1("DELETE", "uploads/{id}", Permission.WriteArtifacts, async (
            string id, HttpResponse response, Caller caller, ResumableUpload upload, CancellationToken cancellation) =>
        {
            await upload.DropAsync(caller, id, cancellation);
            return Answer(response, StatusCodes.Status204NoContent);
        });
    }

    private static bool SpeaksTus(HttpRequest request) => request.Headers["Tus-Resumable"] == Version;

    private static IResult Answer(HttpResponse response, int status, long? offset = null)
    {
        response.Headers["Tus-Resumable"] = Version;
        if (status == StatusCodes.Status412PreconditionFailed)
            response.Headers["Tus-Version"] = Version;
        if (offset is { } at)
            response.Headers["Upload-Offset"] = at.ToString(CultureInfo.InvariantCulture);
        return Results.StatusCode(status);
    }

    private static long Number(HttpRequest request, string header) =>
        long.TryParse(request.Headers[header].ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw Refusal.Invalid($"The header {header} is '{request.Headers[header]}'; expected a number of bytes.");

    /// <summary>The path among tus's metadata: pairs of a name and a text in base64.</summary>
    private static string NameOf(HttpRequest request)
    {
        var pairs = request.Headers["Upload-Metadata"].ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var value = pairs.Select(pair => pair.Split(' ', 2)).FirstOrDefault(pair => pair is ["path", _])?[1] ?? "";
        try
        {
            return value.Length > 0
                ? new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(Convert.FromBase64String(value))
                : throw Refusal.Invalid("The header Upload-Metadata names no path: expected 'path' and the artifact's path in base64.");
        }
        catch (Exception bad) when (bad is FormatException or DecoderFallbackException)
        {
            throw Refusal.Invalid("The path in the header Upload-Metadata is not UTF-8 in base64.");
        }
    }
}
