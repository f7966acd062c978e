using Baton.Server.Platform.Access;
using Baton.Server.Platform.Http;
using Baton.Server.Runs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Artifacts;

/// <summary>Lists the files of a run with paths from the run's own root, and serves one to MLflow's pages.</summary>
internal sealed class ListRunArtifacts(ReadRuns runs, GetArtifact artifacts, ArtifactPlaces places)
{
    public async Task<(string RootUri, IReadOnlyList<GetArtifact.Entry> Files)> HandleAsync(
        Caller caller, string runId, string folder, CancellationToken cancellation)
    {
        var run = await runs.GetAsync(caller, runId, cancellation);
        var entries = await artifacts.ListAsync(caller, places.Of(run.ArtifactUri).Join(folder), cancellation);
        var prefix = folder.Length == 0 ? "" : folder.TrimEnd('/') + "/";
        return (run.ArtifactUri, [.. entries.Select(e => e with { Path = prefix + e.Path })]);
    }

    public async Task<IResult> DownloadAsync(Caller caller, string runId, string path, CancellationToken cancellation)
    {
        var run = await runs.GetAsync(caller, runId, cancellation);
        return await artifacts.DownloadAsync(caller, places.Of(run.ArtifactUri).Join(path), cancellation);
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMlflow("GET", "artifacts/list", Permission.ReadArtifacts, async (
            MlflowRequest request, Caller caller, ListRunArtifacts list, CancellationToken cancellation) =>
        {
            var (rootUri, files) = await list.HandleAsync(caller, request.RequiredRunId(), request.Optional("path") ?? "", cancellation);
            return MlflowAnswer.Of(new { RootUri = rootUri, Files = files.OrNothing() });
        });
        routes.MapRoute("/get-artifact", ["GET"], (MlflowRequest request, Caller caller, ListRunArtifacts list, CancellationToken cancellation) =>
            list.DownloadAsync(caller, request.RequiredRunId(), request.Required("path"), cancellation)).Requires(Permission.ReadArtifacts);
    }
}
