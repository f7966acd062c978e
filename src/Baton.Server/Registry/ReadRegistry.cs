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
    /// <summary>A model with its latest versions.</summary>
    public async Task<RegisteredModel> LatestAsync(Caller caller, ModelName name, CancellationToken cancellation) =>
        await database.ReadAsync(sql => store.FindModelAsync(sql, caller.Project, name.Value), cancellation) ?? throw RegistryErrors.NoModel(name.Value);

    /// <summary>A model with every version.</summary>
    public Task<RegisteredModel> ModelAsync(Caller caller, ModelName name, CancellationToken cancellation) => database.ReadAsync(async sql =>
    {
        var model = await store.FindModelAsync(sql, caller.Project, name.Value) ?? throw RegistryErrors.NoModel(name.Value);
        var versions = await store.ListVersionsAsync(sql, caller.Project, name.Value);
        var aliases = model.Aliases.ToLookup(a => a.Version, a => a.Alias);
        return model with { Versions = [.. versions.Select(v => v with { Aliases = [.. aliases[v.Version]] })] };
    }, cancellation);

    public async Task<ModelVersion> VersionAsync(Caller caller, ModelName name, long version, CancellationToken cancellation) =>
        await database.ReadAsync(sql => store.FindVersionAsync(sql, caller.Project, name.Value, version), cancellation)
        ?? throw RegistryErrors.NoVersion(name.Value, version);

    /// <summary>The version that an alias points to; <c>latest</c> is the highest.</summary>
    public Task<ModelVersion> AliasedAsync(Caller caller, ModelName name, AliasName alias, CancellationToken cancellation) => database.ReadAsync(async sql =>
    {
        var number = alias.IsLatest
            ? await store.FindHighestAsync(sql, caller.Project, name.Value)
            : await store.FindAliasAsync(sql, caller.Project, name.Value, alias.Value);
        if (number is { } version)
            return (await store.FindVersionAsync(sql, caller.Project, name.Value, version))!;
        throw await store.FindModelAsync(sql, caller.Project, name.Value) is null ? RegistryErrors.NoModel(name.Value) : RegistryErrors.NoAlias(alias.Value);
    }, cancellation);

    /// <summary>The files of a sealed version; null for an unsealed one.</summary>
    public Task<Manifest?> PackageAsync(Caller caller, ModelVersion version, CancellationToken cancellation) => version.ManifestDigest is { } digest
        ? database.ReadAsync(sql => artifacts.FindManifestAsync(sql, caller.Project, digest), cancellation)
        : Task.FromResult<Manifest?>(null);

    /// <summary>Every model with its versions, by name.</summary>
    public Task<IReadOnlyList<RegisteredModel>> ListAsync(Caller caller, CancellationToken cancellation) => database.ReadAsync<IReadOnlyList<RegisteredModel>>(async sql =>
    {
        var models = await store.LoadModelsAsync(sql, caller.Project, await store.ListModelsAsync(sql, caller.Project));
        var listed = new List<RegisteredModel>(models.Count);
        foreach (var model in models)
            listed.Add(model with { Versions = await store.ListVersionsAsync(sql, caller.Project, model.Name) });
        return listed;
    }, cancellation);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMlflow("GET", "registered-models/get", Permission.ReadRegistry, async (
            MlflowRequest request, Caller caller, ReadRegistry read, CancellationToken cancellation) =>
            MlflowAnswer.Of(new
            {
                RegisteredModel = MlflowRegisteredModel.Of(await read.LatestAsync(caller, ModelName.Parse(request.Required("name")), cancellation)),
            }));
        foreach (var verb in (ReadOnlySpan<string>)["GET", "POST"])
        {
            routes.MapMlflow(verb, "registered-models/get-latest-versions", Permission.ReadRegistry, async (
                MlflowRequest request, Caller caller, ReadRegistry read, CancellationToken cancellation) =>
            {
                var name = ModelName.Parse(request.Required("name"));
                var stages = request.Strings("stages").Select(Stages.Parse).ToHashSet();
                var model = await read.LatestAsync(caller, name, cancellation);
                var latest = model.Latest.Where(v => stages.Count == 0 || stages.Contains(v.Stage)).Select(MlflowModelVersion.WithAliases).ToList();
                return MlflowAnswer.Of(new { ModelVersions = latest.OrNothing() });
            });
        }

        routes.MapMlflow("GET", "registered-models/alias", Permission.ReadRegistry, async (
            MlflowRequest request, Caller caller, ReadRegistry read, CancellationToken cancellation) =>
        {
            var (name, alias) = (ModelName.Parse(request.Required("name")), AliasName.Parse(request.Required("alias")));
            return MlflowAnswer.Of(new { ModelVersion = MlflowModelVersion.WithAliases(await read.AliasedAsync(caller, name, alias, cancellation)) });
        });
        routes.MapMlflow("GET", "model-versions/get", Permission.ReadRegistry, async (
            MlflowRequest request, Caller caller, ReadRegistry read, CancellationToken cancellation) =>
            MlflowAnswer.Of(new { ModelVersion = MlflowModelVersion.WithAliases(await AskedAsync(read, caller, request, cancellation)) }));
        routes.MapMlflow("GET", "model-versions/get-download-uri", Permission.ReadRegistry, async (
            MlflowRequest request, Caller caller, ReadRegistry read, CancellationToken cancellation) =>
        {
            var version = await AskedAsync(read, caller, request, cancellation);
            return MlflowAnswer.Of(new
            {
                ArtifactUri = version.ManifestDigest is { } digest ? SealedPath.UriOf(digest) : version.StorageLocation ?? version.Source,
            });
        });
    }

    private static Task<ModelVersion> AskedAsync(ReadRegistry read, Caller caller, MlflowRequest request, CancellationToken cancellation) =>
        read.VersionAsync(caller, ModelName.Parse(request.Required("name")), ModelVersion.ParseNumber(request.Required("version")), cancellation);
}
