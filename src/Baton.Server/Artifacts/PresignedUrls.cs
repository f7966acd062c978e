using Baton.Server.Platform.Access;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Http;
using Baton.Server.Runs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Artifacts;

/// <summary>Addresses of another store, signed, to transfer by: Baton's files are its own, so there are none. Clients fall back to the proxy.</summary>
internal static class PresignedUrls
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        foreach (var prefix in ArtifactsModule.Prefixes)
        {
            routes.MapRoute(prefix + "/presigned/{**path}", ["GET"], IResult () => throw new Refusal(
                ProblemCode.NotImplemented, "Multipart download is not supported for the current artifact repository")).Requires(Permission.ReadArtifacts);
        }

        routes.MapMlflow("POST", "artifacts/presigned-upload-url", Permission.WriteArtifacts, async (
            MlflowRequest request, Caller caller, ReadRuns runs, CancellationToken cancellation) =>
        {
            var (runId, path) = (request.Required("run_id"), request.Required("path"));
            throw NoUrl(await runs.GetAsync(caller, runId, cancellation), path);
        });
    }

    private static Refusal NoUrl(Run run, string path) => Refusal.Invalid(
        $"There is no presigned URL for '{path}': the artifacts of run {run.RunId} are at {run.ArtifactUri}, which has none. Upload through the proxy.");
}
