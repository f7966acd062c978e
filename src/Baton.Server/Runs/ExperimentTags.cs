using Baton.Server.Platform.Access;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ledger;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Runs;

/// <summary>Sets and removes an experiment's tags.</summary>
internal sealed class ExperimentTags(Writes writes, RunsStore store)
{
    private const int MaxValue = 5000;

    public Task SetAsync(Caller caller, string id, string key, string value, CancellationToken cancellation)
    {
        KeyRule.Check(key, "key", "key");
        if (value.IsLongerThan(MaxValue))
            throw RunsErrors.TooLong("value", MaxValue);
        return ChangeAsync(caller, id, async (change, number) => await store.SetExperimentTagAsync(change, number, key, value), cancellation);
    }

    public Task DeleteAsync(Caller caller, string id, string key, CancellationToken cancellation) => ChangeAsync(caller, id, async (change, number) =>
    {
        if (!await store.DeleteExperimentTagAsync(change, number, key))
            throw RunsErrors.NoExperimentTag(number, key);
    }, cancellation);

    private Task ChangeAsync(Caller caller, string id, Func<Change, long, Task> make, CancellationToken cancellation)
    {
        var number = ReadExperiments.ParseId(id);
        return writes.RunAsync(caller, async change =>
        {
            var experiment = await store.ShareExperimentAsync(change, number) ?? throw RunsErrors.NoExperiment(id);
            if (!experiment.IsActive)
                throw RunsErrors.ExperimentDeleted(number);
            await make(change, number);
            return true;
        }, cancellation);
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMlflow("POST", "experiments/set-experiment-tag", Permission.WriteRuns, async (
            MlflowRequest request, Caller caller, ExperimentTags tags, CancellationToken cancellation) =>
        {
            await tags.SetAsync(caller, request.Required("experiment_id"), request.Required("key"), request.Optional("value") ?? "", cancellation);
            return MlflowAnswer.Empty;
        });
        routes.MapMlflow("POST", "experiments/delete-experiment-tag", Permission.WriteRuns, async (
            MlflowRequest request, Caller caller, ExperimentTags tags, CancellationToken cancellation) =>
        {
            await tags.DeleteAsync(caller, request.Required("experiment_id"), request.Required("key"), cancellation);
            return MlflowAnswer.Empty;
        });
    }
}
