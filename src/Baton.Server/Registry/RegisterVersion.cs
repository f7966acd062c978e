using Baton.Server.Artifacts;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ledger;
using Baton.Server.Platform.References;
using Baton.Server.Runs;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Registry;

/// <summary>
/// Registers a version and seals its package. A source that Baton cannot read (another store's URI) gives an unsealed version, which can have no
/// contract and no gated stage.
/// </summary>
internal sealed class RegisterVersion(Writes writes, RegistryStore store, RunsStore runs, SealArtifacts seal)
{
    private const int MaxSource = 2048;

    public Task<ModelVersion> HandleAsync(Caller caller, Request request, CancellationToken cancellation)
    {
        if (request.Source.Length > MaxSource)
            throw Refusal.Invalid($"'source' exceeds the maximum length of {MaxSource} characters");
        return writes.RunAsync(caller, async change =>
        {
            var number = await store.NextVersionAsync(change, request.Name.Value) ?? throw RegistryErrors.NoModel(request.Name.Value);
            var (runId, folder) = await ResolveAsync(change, request);
            var manifest = folder is null ? null : await seal.HandleAsync(change, folder);
            var version = new ModelVersion
            {
                Name = request.Name.Value,
                Version = number,
                Description = request.Description ?? "",
                Source = request.Source,
                RunId = runId,
                RunLink = request.RunLink ?? "",
                ManifestDigest = manifest?.Digest,
                CreatedBy = caller.Actor.Name,
                Tags = request.Tags,
            };
            await store.InsertVersionAsync(change, version);
            if (manifest is not null)
                await change.HoldAsync(version.Subject, manifest);
            await change.RecordAsync("version.registered", version.Subject, new { request.Source, run_id = runId, package = manifest?.Digest });
            return (await store.FindVersionAsync(change.Sql, change.Project, version.Name, number))!;
        }, cancellation);
    }

    /// <summary>The run and the folder that a source names; no folder where the source is not Baton's to read.</summary>
    private async Task<(string RunId, ArtifactPath? Folder)> ResolveAsync(Change change, Request request)
    {
        const string runScheme = "runs:/";
        var runId = request.RunId ?? "";
        if (runId.Length > 0 && await runs.FindRunAsync(change.Sql, change.Project, runId) is null)
            throw RunsErrors.NoRun(runId);
        if (request.Source.StartsWith(runScheme, StringComparison.Ordinal))
        {
            var segments = request.Source[runScheme.Length..].TrimStart('/').Split('/', 2);
            var run = await runs.FindRunAsync(change.Sql, change.Project, segments[0]) ?? throw RunsErrors.NoRun(segments[0]);
            return (run.RunId, RunFiles.RootOf(run).Join(segments.Length > 1 ? segments[1] : ""));
        }

        if (request.Source.StartsWith(RunFiles.Scheme, StringComparison.Ordinal))
            return (runId, ArtifactPath.Parse(request.Source[RunFiles.Scheme.Length..].TrimStart('/')));
        if (!request.Source.Contains("://", StringComparison.Ordinal))
            throw Refusal.Invalid($"Invalid model version source: '{request.Source}'. To use a local path as a model version source is refused: " +
                "upload the files to a run and give runs:/RUN_ID/PATH.");
        return (runId, null);
    }

    public static void Map(IEndpointRouteBuilder routes) => routes.MapMlflow("POST", "model-versions/create", Permission.WriteRegistry, async (
        MlflowRequest request, Caller caller, RegisterVersion register, CancellationToken cancellation) =>
    {
        var version = await register.HandleAsync(
            caller,
            new Request(ModelName.Parse(request.Required("name")), request.Required("source"))
            {
                RunId = request.Optional("run_id"),
                Description = request.Optional("description"),
                RunLink = request.Optional("run_link"),
                Tags = request.Pairs("tags"),
            },
            cancellation);
        return MlflowAnswer.Of(new { ModelVersion = MlflowModelVersion.Of(version) });
    });

    public sealed record Request(ModelName Name, string Source)
    {
        public string? RunId { get; init; }

        public string? Description { get; init; }

        public string? RunLink { get; init; }

        public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();
    }
}
