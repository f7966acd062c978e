using Baton.Database;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ledger;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Runs;

/// <summary>Renames an experiment.</summary>
internal sealed class UpdateExperiment(Writes writes, RunsStore store)
{
    public async Task HandleAsync(Caller caller, string id, string name, CancellationToken cancellation)
    {
        if (name.IsLongerThan(CreateExperiment.MaxName))
            throw RunsErrors.TooLong("name", CreateExperiment.MaxName);
        var number = ReadExperiments.ParseId(id);
        try
        {
            await writes.RunAsync(caller, async change =>
            {
                var experiment = await store.HoldExperimentAsync(change, number) ?? throw RunsErrors.NoExperiment(id);
                if (!experiment.IsActive)
                    throw Refusal.Invalid("Cannot rename a non-active experiment.");
                if (experiment.Name == name)
                    return true;
                await store.RenameExperimentAsync(change, number, name);
                await change.RecordAsync("experiment.renamed", $"experiments/{number}", new { from = experiment.Name, to = name });
                return true;
            }, cancellation);
        }
        catch (UniqueViolationException)
        {
            throw new Refusal(ProblemCode.Duplicate, $"Experiment(name={name}) already exists.");
        }
    }

    public static void Map(IEndpointRouteBuilder routes) => routes.MapMlflow("POST", "experiments/update", Permission.WriteRuns, async (
        MlflowRequest request, Caller caller, UpdateExperiment update, CancellationToken cancellation) =>
    {
        await update.HandleAsync(caller, request.Required("experiment_id"), request.Required("new_name"), cancellation);
        return MlflowAnswer.Empty;
    });
}
