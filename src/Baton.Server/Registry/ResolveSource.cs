using Baton.Contracts;
using Baton.Server.Artifacts;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Ledger;
using Baton.Server.Runs;
using Baton.Server.Runs.LoggedModels;

namespace Baton.Server.Registry;

/// <summary>Finds what the source of a version names, and seals it where Baton keeps its files.</summary>
internal sealed class ResolveSource(RegistryStore store, RunsStore runs, LoggedModelsStore loggedModels, ArtifactsStore artifacts, SealArtifacts seal)
{
    public async Task<ResolvedSource> HandleAsync(Change change, RegisterVersion.Request asked)
    {
        var resolved = new ResolvedSource { RunId = asked.RunId ?? "" };
        if (asked.ModelId is { Length: > 0 } modelId)
            resolved = resolved with { Model = await LoggedAsync(change, modelId) };
        // A prompt's source is a text, and no place.
        if (RegisteredModel.IsPrompt(asked.Tags))
            return resolved with { StorageLocation = asked.Source };
        var source = SourceUri.Parse(asked.Source);
        return source switch
        {
            { Scheme: "models" } => await OfModelAsync(change, source, resolved),
            { Scheme: "runs" } => await OfRunAsync(change, source, resolved),
            { Scheme: "mlflow-artifacts" } => await OfArtifactsAsync(change, source, resolved),
            { IsLocal: true } => await OfDiskAsync(change, source, resolved),
            _ => resolved with { StorageLocation = asked.Source },
        };
    }

    /// <summary><c>models:/MODEL_ID</c>, or <c>models:/NAME/VERSION</c>, where the version may be <c>latest</c> or a stage, or <c>models:/NAME@ALIAS</c>.</summary>
    private async Task<ResolvedSource> OfModelAsync(Change change, SourceUri source, ResolvedSource resolved)
    {
        return source.Path.Trim('/').Split('/') switch
        {
            [var one] when one.LastIndexOf('@') is > 0 and var at =>
                await OfVersionAsync(change, await AliasedAsync(change, one[..at], one[(at + 1)..]), resolved),
            [{ Length: > 0 } id] => await OfLoggedAsync(change, await LoggedAsync(change, id), resolved),
            [{ Length: > 0 } name, { Length: > 0 } version] => await OfVersionAsync(change, await NamedAsync(change, source, name, version), resolved),
            _ => throw RegistryErrors.NoSource(source.Text),
        };
    }

    private async Task<ModelVersion> AliasedAsync(Change change, string name, string alias) => await VersionAsync(
        change, name, await store.FindAliasAsync(change.Sql, change.Project, name, alias) ?? throw RegistryErrors.NoAlias(alias));

    private async Task<ModelVersion> NamedAsync(Change change, SourceUri source, string name, string version)
    {
        if (version.Equals(AliasName.Latest, StringComparison.OrdinalIgnoreCase))
            return await VersionAsync(change, name, await store.FindHighestAsync(change.Sql, change.Project, name) ?? throw RegistryErrors.NoModel(name));
        if (Stages.Find(version) is { } stage)
            return await store.FindInStageAsync(change.Sql, change.Project, name, stage) ?? throw RegistryErrors.NoSource(source.Text);
        return await VersionAsync(change, name, ModelVersion.ParseNumber(version));
    }

    private async Task<ModelVersion> VersionAsync(Change change, string name, long number) =>
        await store.FindVersionAsync(change.Sql, change.Project, name, number) ?? throw RegistryErrors.NoVersion(name, number);

    private async Task<ResolvedSource> OfVersionAsync(Change change, ModelVersion version, ResolvedSource resolved) => resolved with
    {
        RunId = resolved.RunId.Length > 0 ? resolved.RunId : version.RunId,
        Package = version.ManifestDigest is { } digest ? await artifacts.FindManifestAsync(change.Sql, change.Project, digest) : null,
        StorageLocation = version.StorageLocation,
    };

    private async Task<LoggedModel> LoggedAsync(Change change, string modelId) =>
        await loggedModels.FindAsync(change.Sql, change.Project, modelId) is { LifecycleStage: "active" } model
            ? model
            : throw Refusal.NotFound($"Logged model with ID '{modelId}' not found.");

    /// <summary>A logged model without files, as of an outside model that is only named, gives an unsealed version.</summary>
    private async Task<ResolvedSource> OfLoggedAsync(Change change, LoggedModel model, ResolvedSource resolved)
    {
        var of = resolved with { Model = model, RunId = resolved.RunId.Length > 0 ? resolved.RunId : model.SourceRunId };
        var folder = FolderOf(model.ArtifactUri);
        return folder is not null && (await artifacts.BelowAsync(change.Sql, change.Project, folder)).Count > 0
            ? of with { Package = await seal.HandleAsync(change, folder) }
            : of with { StorageLocation = model.ArtifactUri };
    }

    private async Task<ResolvedSource> OfRunAsync(Change change, SourceUri source, ResolvedSource resolved)
    {
        var segments = source.Path.Trim('/').Split('/', 2);
        var run = await runs.FindRunAsync(change.Sql, change.Project, segments[0]) ?? throw RunsErrors.NoRun(segments[0]);
        var of = resolved with { RunId = run.RunId };
        var path = segments.Length > 1 ? segments[1] : "";
        if (FolderOf(run.ArtifactUri)?.Join(path) is not { } folder)
            return of with { StorageLocation = $"{run.ArtifactUri.TrimEnd('/')}/{path}".TrimEnd('/') };
        // Since MLflow 3 a model logged under a name stands in a folder of its own, and runs:/RUN/NAME means it.
        if ((await artifacts.BelowAsync(change.Sql, change.Project, folder)).Count == 0
            && await loggedModels.FindOfRunAsync(change.Sql, change.Project, run.RunId, path) is { } logged)
            return await OfLoggedAsync(change, logged, of);
        return of with { Package = await seal.HandleAsync(change, folder) };
    }

    private async Task<ResolvedSource> OfArtifactsAsync(Change change, SourceUri source, ResolvedSource resolved) =>
        resolved with { Package = await seal.HandleAsync(change, ArtifactPath.Parse(source.Path.TrimStart('/'))) };

    /// <summary>A path of a disk must lie where the logged model's or the run's own files are; Baton does not read it.</summary>
    private async Task<ResolvedSource> OfDiskAsync(Change change, SourceUri source, ResolvedSource resolved)
    {
        var folder = resolved.Model?.ArtifactUri
            ?? (resolved.RunId.Length > 0 ? (await runs.FindRunAsync(change.Sql, change.Project, resolved.RunId))?.ArtifactUri : null);
        return folder is not null && source.IsWithin(folder)
            ? resolved with { StorageLocation = source.Text }
            : throw RegistryErrors.LocalSource(source.Text, resolved.Model is not null);
    }

    /// <summary>The folder that an artifact URI names; null where its files are not in Baton's own map.</summary>
    private static ArtifactPath? FolderOf(string artifactUri) => ArtifactPlaces.Proxied(artifactUri);
}

/// <summary>What the source of a version names.</summary>
internal sealed record ResolvedSource
{
    /// <summary>The run that made it; empty where none is known.</summary>
    public string RunId { get; init; } = "";

    /// <summary>The logged model it is.</summary>
    public LoggedModel? Model { get; init; }

    /// <summary>Its files, sealed; null where Baton cannot read them.</summary>
    public Manifest? Package { get; init; }

    /// <summary>Where files are that Baton cannot read.</summary>
    public string? StorageLocation { get; init; }
}
