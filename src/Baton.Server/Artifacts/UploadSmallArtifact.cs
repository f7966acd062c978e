using Baton.Server.Platform.Access;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Http;
using Baton.Server.Runs;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Artifacts;

/// <summary>What MLflow's pages upload with: a small file of a run.</summary>
internal sealed class UploadSmallArtifact(ReadRuns runs, PutArtifact put, ArtifactPlaces places)
{
    private const int MaxBytes = 10 * 1024 * 1024;

    public async Task HandleAsync(Caller caller, string? runId, string? path, HttpRequest request, CancellationToken cancellation)
    {
        if (string.IsNullOrEmpty(runId))
            throw Refusal.Invalid("Request must specify run_uuid.");
        if (string.IsNullOrEmpty(path))
            throw Refusal.Invalid("Request must specify path.");
        if (request.ContentLength > MaxBytes)
            throw TooLarge();
        byte[] content;
        try
        {
            content = await request.ReadBytesAsync(MaxBytes, cancellation);
        }
        catch (Refusal large) when (large.Code == ProblemCode.TooLarge)
        {
            throw TooLarge();
        }

        if (content.Length == 0)
            throw Refusal.Invalid("Request must specify data.");
        var run = await runs.GetAsync(caller, runId, cancellation);
        await put.HandleAsync(caller, places.RootOf(run).Join(path), new MemoryStream(content), content.Length, cancellation);
    }

    private static Refusal TooLarge() => Refusal.Invalid("Artifact size is too large. Max size is 10MB.");

    public static void Map(IEndpointRouteBuilder routes) => routes.MapAjax("POST", "upload-artifact", Permission.WriteArtifacts, async (
        string? run_uuid, string? path, HttpRequest request, Caller caller, UploadSmallArtifact upload, CancellationToken cancellation) =>
    {
        await upload.HandleAsync(caller, run_uuid, path, request, cancellation);
        return Results.Content("", "application/json");
    });
}
