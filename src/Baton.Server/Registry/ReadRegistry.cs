using Baton.Contracts;
using Baton.Database;
using Baton.Server.Artifacts;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Registry;

/// <summary>Reads registered models, their versions and sealed packages.</summary>
internal sealed class ReadRegistry(BatonDatabase database, RegistryStore store, ArtifactsStore artifacts)
{
    public async Task<RegisteredModel> ModelAsync(Caller caller, ModelName name, CancellationToken cancellation) =>
        await database.ReadAsync(sql => store.FindModelAsync(sql, caller.Project, name.Value), cancellation) ?? throw RegistryErrors.NoModel(name.Value);

    public async Task<ModelVersion> VersionAsync(Caller caller, ModelName name, long version, CancellationToken cancellation) =>
        await database.ReadAsync(sql => store.FindVersionAsync(sql, caller.Project, name.Value, version), cancellation)
        ?? throw RegistryErrors.NoVersion(name.Value, version);

    /// <summary>The files of a sealed version; null for an unsealed one.</summary>
    public Task<Manifest?> PackageAsync(Caller caller, ModelVersion version, CancellationToken cancellation) => version.ManifestDigest is { } digest
        ? database.ReadAsync(sql => artifacts.FindManifestAsync(sql, caller.Project, digest), cancellation)
        : Task.FromResult<Manifest?>(null);

    /// <summary>Every model with its versions, by name.</summary>
    public Task<IReadOnlyList<RegisteredModel>> ListAsync(Caller caller, CancellationToken cancellation) => database.ReadAsync<IReadOnlyList<RegisteredModel>>(async sql =>
    {
        var models = new List<RegisteredModel>();
        foreach (var model in await store.ListModelsAsync(sql, caller.Project))
            models.Add((await store.FindModelAsync(sql, caller.Project, model.Name))!);
        return models;
    }, cancellation);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMlflow("GET", "registered-models/get", Permission.ReadRegistry, async (
            MlflowRequest request, Caller caller, ReadRegistry read, CancellationToken cancellation) =>
            MlflowAnswer.Of(new
            {
                RegisteredModel = MlflowRegisteredModel.Of(await read.ModelAsync(caller, ModelName.Parse(request.Required("name")), cancellation)),
            }));
        foreach (var verb in (ReadOnlySpan<string>)["GET", "POST"])
        {
            routes.MapMlflow(verb, "registered-models/get-latest-versions", Permission.ReadRegistry, async (
                MlflowRequest request, Caller caller, ReadRegistry read, CancellationToken cancellation) =>
            {
                var model = await read.ModelAsync(caller, ModelName.Parse(request.Required("name")), cancellation);
                return MlflowAnswer.Of(new { ModelVersions = MlflowRegisteredModel.LatestOf(model.Versions, request.Strings("stages").ToHashSet()).OrNothing() });
            });
        }

        routes.MapMlflow("GET", "model-versions/get", Permission.ReadRegistry, async (
            MlflowRequest request, Caller caller, ReadRegistry read, CancellationToken cancellation) =>
            MlflowAnswer.Of(new { ModelVersion = MlflowModelVersion.Of(await AskedAsync(read, caller, request, cancellation)) }));
        routes.MapMlflow("GET", "model-versions/get-download-uri", Permission.ReadRegistry, async (
            MlflowRequest request, Caller caller, ReadRegistry read, CancellationToken cancellation) =>
        {
            var version = await AskedAsync(read, caller, request, cancellation);
            return MlflowAnswer.Of(new { ArtifactUri = version.ManifestDigest is { } digest ? SealedPath.UriOf(digest) : version.Source });
        });
    }

    private static Task<ModelVersion> AskedAsync(ReadRegistry read, Caller caller, MlflowRequest request, CancellationToken cancellation) =>
        read.VersionAsync(caller, ModelName.Parse(request.Required("name")), ModelVersion.ParseNumber(request.Required("version")), cancellation);
}
