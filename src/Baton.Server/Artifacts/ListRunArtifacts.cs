using Baton.Server.Platform.Access;
using Baton.Server.Platform.Http;
using Baton.Server.Runs;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Artifacts;

/// <summary>Lists the files of a run, with paths from the run's own root.</summary>
internal sealed class ListRunArtifacts(ReadRuns runs, GetArtifact artifacts)
{
    public async Task<(string RootUri, IReadOnlyList<GetArtifact.Entry> Files)> HandleAsync(
        Caller caller, string runId, string folder, CancellationToken cancellation)
    {
        var run = await runs.GetAsync(caller, runId, cancellation);
        var entries = await artifacts.ListAsync(caller, RunFiles.RootOf(run).Join(folder), cancellation);
        var prefix = folder.Length == 0 ? "" : folder.TrimEnd('/') + "/";
        return (run.ArtifactUri, [.. entries.Select(e => e with { Path = prefix + e.Path })]);
    }

    public static void Map(IEndpointRouteBuilder routes) => routes.MapMlflow("GET", "artifacts/list", Permission.ReadArtifacts, async (
        MlflowRequest request, Caller caller, ListRunArtifacts list, CancellationToken cancellation) =>
    {
        var (rootUri, files) = await list.HandleAsync(caller, request.RequiredRunId(), request.Optional("path") ?? "", cancellation);
        return MlflowAnswer.Of(new { RootUri = rootUri, Files = files.OrNothing() });
    });
}
