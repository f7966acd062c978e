using System.Globalization;
using Baton.Database;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Runs;

/// <summary>Finds experiments by id, by name, or all of them.</summary>
internal sealed class ReadExperiments(BatonDatabase database, RunsStore store)
{
    public async Task<Experiment> ByIdAsync(Caller caller, string id, CancellationToken cancellation) =>
        await database.ReadAsync(sql => store.FindExperimentAsync(sql, caller.Project, ParseId(id)), cancellation) ?? throw RunsErrors.NoExperiment(id);

    public async Task<Experiment> ByNameAsync(Caller caller, string name, CancellationToken cancellation) =>
        await database.ReadAsync(sql => store.FindExperimentAsync(sql, caller.Project, name), cancellation) ?? throw RunsErrors.NoExperimentNamed(name);

    /// <summary>The active ones, newest first.</summary>
    public Task<IReadOnlyList<Experiment>> ListAsync(Caller caller, CancellationToken cancellation) =>
        database.ReadAsync(sql => store.ListExperimentsAsync(sql, caller.Project), cancellation);

    public static long ParseId(string id) => long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        ? number
        : throw Refusal.Invalid($"Invalid experiment ID '{id}'. Experiment ID must be a valid integer.");

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMlflow("GET", "experiments/get", Permission.ReadRuns, async (
            MlflowRequest request, Caller caller, ReadExperiments read, CancellationToken cancellation) =>
            Answer(await read.ByIdAsync(caller, request.Required("experiment_id"), cancellation)));
        routes.MapMlflow("GET", "experiments/get-by-name", Permission.ReadRuns, async (
            MlflowRequest request, Caller caller, ReadExperiments read, CancellationToken cancellation) =>
            Answer(await read.ByNameAsync(caller, request.Required("experiment_name"), cancellation)));
    }

    private static Microsoft.AspNetCore.Http.IResult Answer(Experiment e) => MlflowAnswer.Of(new
    {
        Experiment = new
        {
            ExperimentId = e.ExperimentId.ToString(CultureInfo.InvariantCulture),
            e.Name,
            e.ArtifactLocation,
            e.LifecycleStage,
            LastUpdateTime = e.UpdatedAt / 1000,
            CreationTime = e.CreatedAt / 1000,
            Tags = MlflowPair.Of(e.Tags),
        },
    });
}
