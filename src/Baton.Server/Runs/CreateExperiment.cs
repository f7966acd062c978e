using System.Globalization;
using Baton.Database;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ledger;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Runs;

/// <summary>Opens an experiment: a namespace of runs.</summary>
internal sealed class CreateExperiment(Writes writes, RunsStore store, ServerOptions options)
{
    public const int MaxName = 500;

    /// <param name="caller">Who asks.</param>
    /// <param name="name">Unique in the project, deleted experiments included.</param>
    /// <param name="artifactLocation">Where its files go; null for a place of its own below the default root.</param>
    /// <param name="tags">First tags, which MLflow does not measure.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public async Task<Experiment> HandleAsync(
        Caller caller, string name, string? artifactLocation, IReadOnlyDictionary<string, string> tags, CancellationToken cancellation)
    {
        if (name.IsLongerThan(MaxName))
            throw RunsErrors.TooLong("name", MaxName);
        var location = string.IsNullOrEmpty(artifactLocation) ? null : ArtifactLocation.Checked(artifactLocation);
        try
        {
            return await writes.RunAsync(caller, change => InsertAsync(change, name, location, tags), cancellation);
        }
        catch (UniqueViolationException)
        {
            throw RunsErrors.ExperimentExists(name);
        }
    }

    private async Task<Experiment> InsertAsync(Change change, string name, string? location, IReadOnlyDictionary<string, string> tags)
    {
        var id = await change.NextAsync("experiments");
        var experiment = new Experiment
        {
            ExperimentId = id,
            Name = name,
            ArtifactLocation = location ?? ArtifactLocation.Below(options.DefaultArtifactRoot, id.ToString(CultureInfo.InvariantCulture)),
            Tags = tags,
        };
        await store.InsertExperimentAsync(change, experiment);
        await change.RecordAsync("experiment.created", $"experiments/{id}", new { name });
        return experiment;
    }

    public static void Map(IEndpointRouteBuilder routes) => routes.MapMlflowOnce("POST", "experiments/create", Permission.WriteRuns, async (
        MlflowRequest request, Caller caller, CreateExperiment create, CancellationToken cancellation) =>
    {
        var experiment = await create.HandleAsync(
            caller, request.Required("name"), request.Optional("artifact_location"), KeyRule.FirstTags(request), cancellation);
        return MlflowAnswer.Of(new { ExperimentId = experiment.ExperimentId.ToString(CultureInfo.InvariantCulture) });
    });
}
