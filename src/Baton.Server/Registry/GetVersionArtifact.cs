using Baton.Server.Artifacts;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Registry;

/// <summary>Serves a file of a version to MLflow's pages: the sealed bytes, or those of where an unsealed version came from.</summary>
internal static class GetVersionArtifact
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapRoute("/model-versions/get-artifact", ["GET"], async (
        MlflowRequest request, Caller caller, ReadRegistry registry, ArtifactPlaces places, GetArtifact artifacts, CancellationToken cancellation) =>
    {
        var (name, number, path) = (ModelName.Parse(request.Required("name")), ModelVersion.ParseNumber(request.Required("version")), request.Required("path"));
        var version = await registry.VersionAsync(caller, name, number, cancellation);
        var root = version.ManifestDigest is { } digest ? SealedPath.UriOf(digest) : version.StorageLocation ?? version.Source;
        return await artifacts.DownloadAsync(caller, places.Of(root).Join(path), cancellation);
    }).Requires(Permission.ReadArtifacts);
}
