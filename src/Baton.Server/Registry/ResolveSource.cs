using Baton.Contracts;
using Baton.Database;
using Baton.Server.Artifacts;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Ledger;
using Baton.Server.Runs;
using Baton.Server.Runs.LoggedModels;

namespace Baton.Server.Registry;

/// <summary>Finds what the source of a version names. It reads alone: what it finds is sealed by others.</summary>
internal sealed class ResolveSource(RegistryStore store, RunsStore runs, LoggedModelsStore loggedModels, ArtifactsStore artifacts, ArtifactPlaces places)
{
    public async Task<ResolvedSource> HandleAsync(Look at, RegisterVersion.Request asked)
    {
        var resolved = new ResolvedSource { RunId = asked.RunId ?? "" };
        if (asked.ModelId is { Length: > 0 } modelId)
            resolved = resolved with { Model = await LoggedAsync(at, modelId) };
        // A prompt's source is a text, and no place.
        if (RegisteredModel.IsPrompt(asked.Tags))
            return resolved with { StorageLocation = asked.Source };
        var source = SourceUri.Parse(asked.Source);
        return source switch
        {
            { Scheme: "models" } => await OfModelAsync(at, source, resolved),
            { Scheme: "runs" } => await OfRunAsync(at, source, resolved),
            { Scheme: "mlflow-artifacts" } => OfArtifacts(source, resolved),
            { IsLocal: true } => await OfDiskAsync(at, source, resolved),
            _ => resolved with { StorageLocation = asked.Source },
        };
    }

    /// <summary><c>models:/MODEL_ID</c>, or <c>models:/NAME/VERSION</c>, where the version may be <c>latest</c> or a stage, or <c>models:/NAME@ALIAS</c>.</summary>
    private async Task<ResolvedSource> OfModelAsync(Look at, SourceUri source, ResolvedSource resolved)
    {
        return source.Path.Trim('/').Split('/') switch
        {
            [var one] when one.LastIndexOf('@') is > 0 and var sign =>
                await OfVersionAsync(at, await AliasedAsync(at, one[..sign], one[(sign + 1)..]), resolved),
            [{ Length: > 0 } id] => await OfLoggedAsync(at, await LoggedAsync(at, id), resolved),
            [{ Length: > 0 } name, { Length: > 0 } version] => await OfVersionAsync(at, await NamedAsync(at, source, name, version), resolved),
            _ => throw RegistryErrors.NoSource(source.Text),
        };
    }

    private async Task<ModelVersion> AliasedAsync(Look at, string name, string alias) => await VersionAsync(
        at, name, await store.FindAliasAsync(at.Sql, at.Project, name, alias) ?? throw RegistryErrors.NoAlias(alias));

    private async Task<ModelVersion> NamedAsync(Look at, SourceUri source, string name, string version)
    {
        if (version.Equals(AliasName.Latest, StringComparison.OrdinalIgnoreCase))
            return await VersionAsync(at, name, await store.FindHighestAsync(at.Sql, at.Project, name) ?? throw RegistryErrors.NoModel(name));
        if (Stages.Find(version) is { } stage)
            return await store.FindInStageAsync(at.Sql, at.Project, name, stage) ?? throw RegistryErrors.NoSource(source.Text);
        return await VersionAsync(at, name, ModelVersion.ParseNumber(version));
    }

    private async Task<ModelVersion> VersionAsync(Look at, string name, long number) =>
        await store.FindVersionAsync(at.Sql, at.Project, name, number) ?? throw RegistryErrors.NoVersion(name, number);

    private async Task<ResolvedSource> OfVersionAsync(Look at, ModelVersion version, ResolvedSource resolved) => resolved with
    {
        RunId = resolved.RunId.Length > 0 ? resolved.RunId : version.RunId,
        Package = version.ManifestDigest is { } digest ? await artifacts.FindManifestAsync(at.Sql, at.Project, digest) : null,
        StorageLocation = version.StorageLocation,
    };

    private async Task<LoggedModel> LoggedAsync(Look at, string modelId) =>
        await loggedModels.FindAsync(at.Sql, at.Project, modelId) is { LifecycleStage: "active" } model
            ? model
            : throw Refusal.NotFound($"Logged model with ID '{modelId}' not found.");

    /// <summary>A logged model without files, as of an outside model that is only named, gives an unsealed version.</summary>
    private async Task<ResolvedSource> OfLoggedAsync(Look at, LoggedModel model, ResolvedSource resolved)
    {
        var of = resolved with { Model = model, RunId = resolved.RunId.Length > 0 ? resolved.RunId : model.SourceRunId };
        return places.TryOf(model.ArtifactUri) is { } place && await IsFilledAsync(at, place)
            ? of with { Place = place }
            : of with { StorageLocation = model.ArtifactUri };
    }

    private async Task<ResolvedSource> OfRunAsync(Look at, SourceUri source, ResolvedSource resolved)
    {
        var segments = source.Path.Trim('/').Split('/', 2);
        // Within a change the run is held: who removes deleted runs for good waits, and then finds the version. One that is going already is gone.
        var found = at.Change is { } change ? await runs.HoldRunAsync(change, segments[0]) : await runs.FindRunAsync(at.Sql, at.Project, segments[0]);
        if (found is not { LifecycleStage: not PurgeStore.Purging } run)
            throw RunsErrors.NoRun(segments[0]);
        var of = resolved with { RunId = run.RunId };
        var path = segments.Length > 1 ? segments[1] : "";
        if (places.TryOf(run.ArtifactUri)?.Join(path) is not { } place)
            return of with { StorageLocation = $"{run.ArtifactUri.TrimEnd('/')}/{path}".TrimEnd('/') };
        // Since MLflow 3 a model logged under a name stands in a folder of its own, and runs:/RUN/NAME means it.
        if (!await IsFilledAsync(at, place)
            && await loggedModels.FindOfRunAsync(at.Sql, at.Project, run.RunId, path) is { } logged)
            return await OfLoggedAsync(at, logged, of);
        return of with { Place = place };
    }

    private ResolvedSource OfArtifacts(SourceUri source, ResolvedSource resolved) => places.Proxied(source.Text.Split('?', '#')[0]) is { } path
        ? resolved with { Place = new ArtifactPlace(false, path) }
        : resolved with { StorageLocation = source.Text };

    /// <summary>
    /// A path of a disk must lie where the files of the logged model or of the run are, or, where neither is named, below the folder of an experiment that
    /// Baton reads.
    /// </summary>
    private async Task<ResolvedSource> OfDiskAsync(Look at, SourceUri source, ResolvedSource resolved)
    {
        var folder = resolved.Model?.ArtifactUri
            ?? (resolved.RunId.Length > 0 ? (await runs.FindRunAsync(at.Sql, at.Project, resolved.RunId))?.ArtifactUri : null)
            ?? (places.TryOf(source.FileUri) is { IsOuter: true } ? await runs.FindLocationAboveAsync(at.Sql, at.Project, source.FileUri) : null);
        if (folder is null || !source.IsWithin(folder))
            throw RegistryErrors.LocalSource(source.Text, resolved.Model is not null);
        return places.TryOf(source.FileUri) is { } place ? resolved with { Place = place } : resolved with { StorageLocation = source.Text };
    }

    private async Task<bool> IsFilledAsync(Look at, ArtifactPlace place) =>
        place.IsOuter ? at.FindsOuter(place.Path) : await artifacts.HasBelowAsync(at.Sql, at.Project, place.Path);

    /// <param name="Sql">The session that reads.</param>
    /// <param name="Project">The project.</param>
    /// <param name="FindsOuter">Whether clients wrote files at a path of their own folder. Within a change it looks at no disk.</param>
    public sealed record Look(Session Sql, string Project, Func<ArtifactPath, bool> FindsOuter)
    {
        /// <summary>The change that it is read for; null where it is only looked at.</summary>
        public Change? Change { get; init; }
    }
}

/// <summary>What the source of a version names.</summary>
internal sealed record ResolvedSource
{
    /// <summary>The run that made it; empty where none is known.</summary>
    public string RunId { get; init; } = "";

    /// <summary>The logged model it is.</summary>
    public LoggedModel? Model { get; init; }

    /// <summary>Where its files are, to be sealed; null where they are sealed already, and where Baton cannot read them.</summary>
    public ArtifactPlace? Place { get; init; }

    /// <summary>The package of the version that it is; null where it is no version.</summary>
    public Manifest? Package { get; init; }

    /// <summary>Where files are that Baton cannot read.</summary>
    public string? StorageLocation { get; init; }
}
