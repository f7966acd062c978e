using System.Globalization;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ledger;

namespace Baton.Server.Runs;

/// <summary>
/// Takes in an experiment of another tracking server, with its id, times and life-cycle stage. The name decides: an experiment of that name is that
/// experiment, and only its tags are added to. Where the id is another experiment's already, it gets a new one.
/// </summary>
internal sealed class AdoptExperiment(RunsStore store)
{
    private const int MaxName = 500;
    private const int MaxLocation = 2048;

    /// <summary>Ids up to here move the counter on, so that it never meets them. MLflow's file store draws ids of 18 digits, which it cannot reach.</summary>
    private const long GreatestCounted = 1_000_000_000;

    public async Task<Experiment> HandleAsync(Change change, Request request)
    {
        if (request.Name.Length == 0 || request.Name.IsLongerThan(MaxName))
            throw Refusal.Invalid($"The name of experiment {request.ExperimentId} is empty or longer than {MaxName} characters.");
        if (request.ArtifactLocation is { } given && given.IsLongerThan(MaxLocation))
            throw RunsErrors.TooLong("artifact_location", MaxLocation);
        if (request.ExperimentId < 0)
            throw Refusal.Invalid($"Invalid experiment ID '{request.ExperimentId}'. Experiment ID must be a valid integer.");
        await store.EnsureDefaultExperimentAsync(change);
        if (await store.FindExperimentAsync(change.Sql, change.Project, request.Name) is { } known)
        {
            await SetTagsAsync(change, known.ExperimentId, request.Tags);
            return known;
        }

        var id = await store.FindExperimentAsync(change.Sql, change.Project, request.ExperimentId) is null
            ? request.ExperimentId
            : await NextFreeAsync(change);
        if (id == request.ExperimentId && id <= GreatestCounted)
            await store.CountExperimentsFromAsync(change, id);
        var experiment = new Experiment
        {
            ExperimentId = id,
            Name = request.Name,
            ArtifactLocation = request.ArtifactLocation ?? $"mlflow-artifacts:/{id}",
            LifecycleStage = request.Deleted ? "deleted" : "active",
            CreatedAt = request.CreatedAt ?? change.Now,
            UpdatedAt = request.UpdatedAt ?? request.CreatedAt ?? change.Now,
            Tags = request.Tags,
        };
        if (!await store.AdoptExperimentAsync(change, experiment))
            throw RunsErrors.ExperimentExists(request.Name);
        await SetTagsAsync(change, id, request.Tags);
        await change.RecordAsync(
            "experiment.created", $"experiments/{id.ToString(CultureInfo.InvariantCulture)}", new { name = request.Name, imported_from = request.Origin });
        return experiment;
    }

    private async Task SetTagsAsync(Change change, long id, IReadOnlyDictionary<string, string> tags)
    {
        foreach (var (key, value) in tags)
            await store.SetExperimentTagAsync(change, id, key, value);
    }

    private async Task<long> NextFreeAsync(Change change)
    {
        long id;
        do
            id = await change.NextAsync("experiments");
        while (await store.FindExperimentAsync(change.Sql, change.Project, id) is not null);
        return id;
    }

    /// <param name="ExperimentId">Its id where it comes from; kept where it is free.</param>
    /// <param name="Name">Its name, by which it is known.</param>
    /// <param name="Deleted">Whether it was deleted there.</param>
    /// <param name="CreatedAt">Microseconds; now where unknown.</param>
    /// <param name="UpdatedAt">Microseconds.</param>
    /// <param name="ArtifactLocation">A store that clients reach themselves; null for Baton's own.</param>
    /// <param name="Tags">Its tags.</param>
    /// <param name="Origin">Where it comes from, for the ledger.</param>
    public sealed record Request(
        long ExperimentId,
        string Name,
        bool Deleted,
        long? CreatedAt,
        long? UpdatedAt,
        string? ArtifactLocation,
        IReadOnlyDictionary<string, string> Tags,
        string Origin);
}
