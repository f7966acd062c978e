namespace Baton.Client;

public sealed partial class BatonClient
{
    /// <summary>Registers a model's name; a name that exists already is fine.</summary>
    public async Task EnsureRegisteredModelAsync(string name, string? description = null, CancellationToken cancel = default)
    {
        try
        {
            await PostAsync(Mlflow + "registered-models/create", new { name, description }, cancel).ConfigureAwait(false);
        }
        catch (BatonApiException e) when (e.Code == MlflowErrors.AlreadyExists)
        {
            // What was wanted.
        }
    }

    /// <summary>A registered model.</summary>
    public async Task<RegisteredModel> GetRegisteredModelAsync(string name, CancellationToken cancel = default) =>
        (await GetAsync<RegisteredModelAnswer>(Query(Mlflow + "registered-models/get", ("name", name)), cancel).ConfigureAwait(false)).RegisteredModel;

    /// <summary>Makes a version of a registered model; the server seals its source.</summary>
    /// <param name="name">Registered model.</param>
    /// <param name="source">Where its files are, e.g. <c>runs:/ID/model</c>.</param>
    /// <param name="run">Run that made it.</param>
    /// <param name="description">What it is.</param>
    /// <param name="cancel">Stops the call.</param>
    public async Task<ModelVersion> CreateModelVersionAsync(
        string name, string source, string? run = null, string? description = null, CancellationToken cancel = default)
    {
        var body = new { name, source, run_id = run, description };
        return (await PostAsync<ModelVersionAnswer>(Mlflow + "model-versions/create", body, cancel).ConfigureAwait(false)).ModelVersion;
    }

    /// <summary>A version of a registered model.</summary>
    public async Task<ModelVersion> GetModelVersionAsync(string name, string version, CancellationToken cancel = default)
    {
        var path = Query(Mlflow + "model-versions/get", ("name", name), ("version", version));
        return (await GetAsync<ModelVersionAnswer>(path, cancel).ConfigureAwait(false)).ModelVersion;
    }

    /// <summary>The version that an alias points to, e.g. <c>champion</c>; <c>latest</c> is the highest.</summary>
    public async Task<ModelVersion> GetVersionByAliasAsync(string name, string alias, CancellationToken cancel = default)
    {
        var path = Query(Mlflow + "registered-models/alias", ("name", name), ("alias", alias));
        return (await GetAsync<ModelVersionAnswer>(path, cancel).ConfigureAwait(false)).ModelVersion;
    }

    /// <summary>Points an alias to a version, or moves it there.</summary>
    public Task SetAliasAsync(string name, string alias, string version, CancellationToken cancel = default) =>
        PostAsync(Mlflow + "registered-models/alias", new { name, alias, version }, cancel);

    /// <summary>Takes an alias away; one that is not there is fine.</summary>
    public async Task DeleteAliasAsync(string name, string alias, CancellationToken cancel = default)
    {
        var path = Query(Mlflow + "registered-models/alias", ("name", name), ("alias", alias));
        using var response = await SendAsync(HttpMethod.Delete, path, null, cancel).ConfigureAwait(false);
    }

    /// <summary>Deletes a version; its number is not used again. <c>in_use</c> (409) where an endpoint serves it or claims were made of it.</summary>
    public async Task DeleteModelVersionAsync(string name, string version, CancellationToken cancel = default)
    {
        var path = Query(Mlflow + "model-versions/delete", ("name", name), ("version", version));
        using var response = await SendAsync(HttpMethod.Delete, path, null, cancel).ConfigureAwait(false);
    }

    /// <summary>Artifact root that a version's files are read from; pass it to <see cref="ResolveArtifactRootAsync"/>.</summary>
    public async Task<string> GetDownloadUriAsync(string name, string version, CancellationToken cancel = default)
    {
        var path = Query(Mlflow + "model-versions/get-download-uri", ("name", name), ("version", version));
        return (await GetAsync<DownloadUri>(path, cancel).ConfigureAwait(false)).ArtifactUri;
    }

    private sealed record RegisteredModelAnswer(RegisteredModel RegisteredModel);

    private sealed record ModelVersionAnswer(ModelVersion ModelVersion);

    private sealed record DownloadUri(string ArtifactUri);
}

/// <summary>A registered model.</summary>
/// <param name="Name">Name.</param>
/// <param name="Description">What it is.</param>
/// <param name="LatestVersions">The highest version of each stage.</param>
public sealed record RegisteredModel(string Name, string? Description, IReadOnlyList<ModelVersion>? LatestVersions);

/// <summary>A version of a registered model.</summary>
public sealed record ModelVersion
{
    /// <summary>Registered model.</summary>
    public required string Name { get; init; }

    /// <summary>Number, as text.</summary>
    public required string Version { get; init; }

    /// <summary>Where its files came from.</summary>
    public string? Source { get; init; }

    /// <summary>Run that made it; empty where unknown.</summary>
    public string? RunId { get; init; }

    /// <summary>What it is.</summary>
    public string? Description { get; init; }

    /// <summary>MLflow's stage: <c>None</c>, <c>Staging</c>, <c>Production</c> or <c>Archived</c>.</summary>
    public string? CurrentStage { get; init; }

    /// <summary>Tags.</summary>
    public IReadOnlyList<KeyValue>? Tags { get; init; }

    /// <summary>The aliases that point to it.</summary>
    public IReadOnlyList<string>? Aliases { get; init; }
}
