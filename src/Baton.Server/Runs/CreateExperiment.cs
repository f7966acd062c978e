using Baton.Database;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ledger;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Runs;

/// <summary>Opens an experiment: a namespace of runs.</summary>
internal sealed class CreateExperiment(Writes writes, RunsStore store)
{
    private const int MaxName = 500;
    private const int MaxTagValue = 5000;

    public async Task<Experiment> HandleAsync(Caller caller, string name, IReadOnlyDictionary<string, string> tags, CancellationToken cancellation)
    {
        if (name.Length > MaxName)
            throw RunsErrors.TooLong("name", MaxName);
        foreach (var (key, value) in tags)
        {
            KeyRule.Checked(key, "key");
            if (value.Length > MaxTagValue)
                throw RunsErrors.TooLong("value", MaxTagValue);
        }

        try
        {
            return await writes.RunAsync(caller, change => InsertAsync(change, name, tags), cancellation);
        }
        catch (UniqueViolationException)
        {
            throw RunsErrors.ExperimentExists(name);
        }
    }

    private async Task<Experiment> InsertAsync(Change change, string name, IReadOnlyDictionary<string, string> tags)
    {
        var id = await change.NextAsync("experiments");
        var experiment = new Experiment { ExperimentId = id, Name = name, ArtifactLocation = $"mlflow-artifacts:/{id}", Tags = tags };
        await store.InsertExperimentAsync(change, experiment);
        await change.RecordAsync("experiment.created", $"experiments/{id}", new { name });
        return experiment;
    }

    public static void Map(IEndpointRouteBuilder routes) => routes.MapMlflow("POST", "experiments/create", Permission.WriteRuns, async (
        MlflowRequest request, Caller caller, CreateExperiment create, CancellationToken cancellation) =>
    {
        var experiment = await create.HandleAsync(caller, request.Required("name"), request.Pairs("tags"), cancellation);
        return MlflowAnswer.Of(new { ExperimentId = experiment.ExperimentId.ToString() });
    });
}
