using Baton.Database;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ids;
using Baton.Server.Platform.Ledger;
using Baton.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Artifacts;

/// <summary>Takes a file in numbered parts that come in any order and at once, as MLflow's client sends large ones.</summary>
internal sealed class MultipartUpload(BatonDatabase database, Writes writes, ArtifactsStore store, PartialFiles files, PutArtifact put, IdSource ids)
{
    private const int MaxParts = 10_000;

    public async Task<string> BeginAsync(Caller caller, ArtifactPath path, long parts, CancellationToken cancellation)
    {
        PutArtifact.CheckTarget(path);
        if (parts is < 1 or > MaxParts)
            throw Refusal.Invalid($"Invalid value {parts} for parameter 'num_parts' supplied: expected 1 to {MaxParts}.");
        var upload = new Upload { Id = ids.Next(), Kind = Upload.Multipart, Path = path.Value, Parts = parts };
        await writes.RunAsync(caller, async change =>
        {
            await store.InsertUploadAsync(change, upload);
            return true;
        }, cancellation);
        return upload.Id;
    }

    /// <summary>Takes one part; sent again, it replaces the first.</summary>
    /// <returns>The part's tag, to be named at the end.</returns>
    public async Task<string> PutPartAsync(Caller caller, string id, int part, Stream content, CancellationToken cancellation)
    {
        var upload = await FindAsync(caller, id, cancellation);
        if (part < 1 || part > upload.Parts)
            throw Refusal.Invalid($"There is no part {part}: the upload was announced with {upload.Parts}, counted from 1.");
        try
        {
            var tag = await files.ReplaceAsync(id, part, content, PutArtifact.MaxBytes, cancellation);
            await writes.RunAsync(caller, change => store.TouchUploadAsync(change, id), cancellation);
            return tag;
        }
        catch (PartBusyException busy)
        {
            throw new Refusal(ProblemCode.Conflict, busy.Message);
        }
        catch (BlobTooLargeException)
        {
            throw PutArtifact.TooLarge();
        }
    }

    /// <summary>Makes a file of the parts.</summary>
    public async Task CompleteAsync(Caller caller, string id, ArtifactPath path, IReadOnlyList<(long Number, string Tag)> parts, CancellationToken cancellation)
    {
        var upload = await FindAsync(caller, id, cancellation);
        CheckPath(upload, path);
        if (!upload.Finished)
            await FinishAsync(caller, upload, parts, cancellation);
        files.Remove(id);
    }

    public async Task AbortAsync(Caller caller, string id, ArtifactPath path, CancellationToken cancellation)
    {
        CheckPath(await FindAsync(caller, id, cancellation), path);
        await writes.RunAsync(caller, change => store.DeleteUploadAsync(change, id), cancellation);
        files.Remove(id);
    }

    private async Task FinishAsync(Caller caller, Upload upload, IReadOnlyList<(long Number, string Tag)> parts, CancellationToken cancellation)
    {
        var ordered = parts.OrderBy(p => p.Number).ToList();
        if (!ordered.Select(p => p.Number).SequenceEqual(Enumerable.Range(1, (int)upload.Parts!).Select(n => (long)n)))
            throw Refusal.Invalid($"The parts named are {string.Join(", ", ordered.Select(p => p.Number))}; expected each of 1 to {upload.Parts} once.");
        foreach (var (number, tag) in ordered)
        {
            if (files.TagOf(upload.Id, (int)number) is not { } there)
                throw Refusal.Invalid($"Part {number} has not come.");
            if (tag.Trim('"') != there)
                throw Refusal.Invalid($"The etag of part {number} is '{tag.Trim('"')}', but the part that came last has '{there}'.");
        }

        var numbers = ordered.Select(p => (int)p.Number).ToList();
        var blob = await files.JoinAsync(upload.Id, numbers, new BlobLimits { MaxBytes = PutArtifact.MaxBytes }, cancellation);
        await writes.RunAsync(caller, async change =>
        {
            if (await store.FinishUploadAsync(change, upload.Id, blob.Digest.ToString()))
                await put.NameAsync(change, ArtifactPath.Parse(upload.Path), blob);
            return true;
        }, cancellation);
    }

    private async Task<Upload> FindAsync(Caller caller, string id, CancellationToken cancellation) =>
        await database.ReadAsync(sql => store.FindUploadAsync(sql, caller.Project, id), cancellation) is { Kind: Upload.Multipart } upload
            ? upload
            : throw Refusal.NotFound($"There is no multipart upload {id}; it may have been swept after a day without a byte.");

    private static void CheckPath(Upload upload, ArtifactPath path)
    {
        if (upload.Path != path.Value)
            throw Refusal.Invalid($"The upload {upload.Id} is of '{upload.Path}', not of '{path.Value}'.");
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        foreach (var prefix in ArtifactsModule.Prefixes)
        {
            routes.MapRoute(prefix + "/mpu/create/{**path}", ["POST"], async (
                string? path, HttpContext context, MlflowRequest request, Caller caller, MultipartUpload upload, CancellationToken cancellation) =>
            {
                var parts = request.Integer("num_parts") ?? throw request.Missing("num_parts");
                var id = await upload.BeginAsync(caller, TargetOf(context, path, request), parts, cancellation);
                return MlflowAnswer.Of(new { UploadId = id, Credentials = CredentialsOf(context.Request, caller, id, parts) });
            }).Requires(Permission.WriteArtifacts);
            routes.MapRoute(prefix + "/mpu/complete/{**path}", ["POST"], async (
                string? path, HttpContext context, MlflowRequest request, Caller caller, MultipartUpload upload, CancellationToken cancellation) =>
            {
                var parts = request.Objects("parts").Select(p => (p.Integer("part_number") ?? throw p.Missing("part_number"), p.Required("etag"))).ToList();
                await upload.CompleteAsync(caller, request.Required("upload_id"), TargetOf(context, path, request), parts, cancellation);
                return MlflowAnswer.Empty;
            }).Requires(Permission.WriteArtifacts);
            routes.MapRoute(prefix + "/mpu/abort/{**path}", ["POST"], async (
                string? path, HttpContext context, MlflowRequest request, Caller caller, MultipartUpload upload, CancellationToken cancellation) =>
            {
                await upload.AbortAsync(caller, request.Required("upload_id"), TargetOf(context, path, request), cancellation);
                return MlflowAnswer.Empty;
            }).Requires(Permission.WriteArtifacts);
        }

        routes.MapV1("PUT", "uploads/{id}/parts/{part:int}", Permission.WriteArtifacts, async (
            string id, int part, HttpContext context, Caller caller, MultipartUpload upload, CancellationToken cancellation) =>
        {
            PutArtifact.AllowLargeBody(context);
            context.Response.Headers.ETag = $"\"{await upload.PutPartAsync(caller, id, part, context.Request.Body, cancellation)}\"";
            return Results.Ok();
        });
    }

    /// <summary>The path has the folder, the body the file's name.</summary>
    private static ArtifactPath TargetOf(HttpContext context, string? folder, MlflowRequest request) =>
        ArtifactPath.Of(context.Request, folder ?? "").Join(request.Required("path"));

    /// <summary>Where each part is to be put. The headers name the project, since the client sends no others of its own there.</summary>
    private static IReadOnlyList<Credential> CredentialsOf(HttpRequest request, Caller caller, string id, long parts)
    {
        var headers = caller.Project == Caller.DefaultProject ? new Dictionary<string, string>() : new() { ["X-MLFLOW-WORKSPACE"] = caller.Project };
        return [.. Enumerable.Range(1, (int)parts).Select(part => new Credential(
            $"{request.Scheme}://{request.Host}{request.PathBase}/api/v1/uploads/{id}/parts/{part}", part, headers))];
    }

    private sealed record Credential(string Url, int PartNumber, IReadOnlyDictionary<string, string> Headers);
}
