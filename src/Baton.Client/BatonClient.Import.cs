using System.Text.Json.Nodes;

namespace Baton.Client;

public sealed partial class BatonClient
{
    private const string Import = "api/v1/import/";

    /// <summary>Which of a source's things were imported, by their ids there.</summary>
    /// <param name="source">What is imported from.</param>
    /// <param name="kind"><c>experiment</c>, <c>run</c>, <c>points</c>, <c>logged_model</c>, <c>model</c>, <c>version</c> or <c>file</c>.</param>
    /// <param name="ids">At most 10,000.</param>
    /// <param name="cancel">Stops the call.</param>
    public async Task<IReadOnlyDictionary<string, ImportMark>> GetImportedAsync(
        string source, string kind, IReadOnlyList<string> ids, CancellationToken cancel = default) =>
        (await PostAsync<KnownAnswer>(Import + "known", new { source, kind, ids }, cancel).ConfigureAwait(false)).Known.ToDictionary(m => m.Id, StringComparer.Ordinal);

    /// <summary>Imports an experiment; again is no change.</summary>
    public Task<AdoptedExperiment> ImportExperimentAsync(string source, string digest, ImportedExperiment experiment, CancellationToken cancel = default) =>
        PostAsync<AdoptedExperiment>(Import + "experiments", new { source, digest, experiment }, cancel);

    /// <summary>Imports at most 500 runs, all or none; again is no change. The root of each run's artifacts, in order.</summary>
    public async Task<IReadOnlyList<string>> ImportRunsAsync(
        string source, IReadOnlyList<(string Digest, ImportedRun Run)> runs, CancellationToken cancel = default) =>
        (await PostAsync<RootsAnswer>(Import + "runs", new { source, runs = runs.Select(r => new { r.Digest, r.Run }) }, cancel).ConfigureAwait(false)).ArtifactUris;

    /// <summary>Imports at most 100,000 points, all or none; a point that is there already is no change.</summary>
    /// <param name="source">What is imported from.</param>
    /// <param name="series">The points.</param>
    /// <param name="complete">Runs whose last points these are.</param>
    /// <param name="cancel">Stops the call.</param>
    public Task ImportPointsAsync(string source, IReadOnlyList<ImportedSeries> series, IReadOnlyList<ImportMark> complete, CancellationToken cancel = default) =>
        PostAsync(Import + "points", new { source, series, complete }, cancel);

    /// <summary>Imports at most 500 logged models, all or none; again is no change. The root of each model's files, in order.</summary>
    public async Task<IReadOnlyList<string>> ImportLoggedModelsAsync(
        string source, IReadOnlyList<(string Digest, ImportedLoggedModel Model)> models, CancellationToken cancel = default) =>
        (await PostAsync<RootsAnswer>(Import + "logged-models", new { source, models = models.Select(m => new { m.Digest, m.Model }) }, cancel).ConfigureAwait(false)).ArtifactUris;

    /// <summary>Imports a registered model, before its versions; again is no change. Whether it is new here.</summary>
    public async Task<bool> ImportModelAsync(string source, string digest, ImportedModel model, CancellationToken cancel = default) =>
        (await PostAsync<ModelAnswer>(Import + "models", Said(source, digest, model), cancel).ConfigureAwait(false)).IsNew;

    /// <summary>Imports a version, after its files; again is no change.</summary>
    public Task<AdoptedVersion> ImportVersionAsync(string source, string digest, ImportedVersion version, CancellationToken cancel = default) =>
        PostAsync<AdoptedVersion>(Import + "versions", Said(source, digest, version), cancel);

    /// <summary>Remembers at most 10,000 files that were uploaded.</summary>
    public Task MarkImportedFilesAsync(string source, IReadOnlyList<ImportMark> files, CancellationToken cancel = default) =>
        PostAsync(Import + "files", new { source, files }, cancel);

    /// <summary>The fields of a record beside where they come from.</summary>
    private static JsonObject Said<T>(string source, string digest, T record)
    {
        var said = System.Text.Json.JsonSerializer.SerializeToNode(record, WireJson.Options)!.AsObject();
        said["source"] = source;
        said["digest"] = digest;
        return said;
    }

    private sealed record KnownAnswer(IReadOnlyList<ImportMark> Known);

    private sealed record RootsAnswer(IReadOnlyList<string> ArtifactUris);

    private sealed record ModelAnswer(bool IsNew);
}
