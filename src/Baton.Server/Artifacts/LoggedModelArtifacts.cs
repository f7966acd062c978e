using Baton.Server.Platform.Access;
using Baton.Server.Platform.Http;
using Baton.Server.Runs.LoggedModels;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Artifacts;

/// <summary>Lists the files of a logged model with paths from the model's own root, and serves one to MLflow's pages.</summary>
internal sealed class LoggedModelArtifacts(ReadLoggedModel models, GetArtifact artifacts, ArtifactPlaces places)
{
    public async Task<(string RootUri, IReadOnlyList<GetArtifact.Entry> Files)> ListAsync(
        Caller caller, string modelId, string folder, CancellationToken cancellation)
    {
        var model = await models.GetAsync(caller, modelId, allowDeleted: false, cancellation);
        var entries = await artifacts.ListAsync(caller, places.Of(model.ArtifactUri).Join(folder), cancellation);
        var prefix = folder.Length == 0 ? "" : folder.TrimEnd('/') + "/";
        return (model.ArtifactUri, [.. entries.Select(e => e with { Path = prefix + e.Path })]);
    }

    public async Task<IResult> DownloadAsync(Caller caller, string modelId, string path, CancellationToken cancellation)
    {
        var model = await models.GetAsync(caller, modelId, allowDeleted: false, cancellation);
        return await artifacts.DownloadAsync(caller, places.Of(model.ArtifactUri).Join(path), cancellation);
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMlflow("GET", "logged-models/{modelId}/artifacts/directories", Permission.ReadArtifacts, async (
            string modelId, MlflowRequest request, Caller caller, LoggedModelArtifacts artifacts, CancellationToken cancellation) =>
        {
            var (rootUri, files) = await artifacts.ListAsync(caller, modelId, request.Optional("artifact_directory_path") ?? "", cancellation);
            return MlflowAnswer.Of(new { RootUri = rootUri, Files = files.OrNothing() });
        });
        routes.MapAjax("GET", "logged-models/{modelId}/artifacts/files", Permission.ReadArtifacts, (
            string modelId, MlflowRequest request, Caller caller, LoggedModelArtifacts artifacts, CancellationToken cancellation) =>
            artifacts.DownloadAsync(caller, modelId, request.Required("artifact_file_path"), cancellation));
    }
}
