using Baton.Server.Platform.Access;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ids;
using Baton.Server.Platform.Ledger;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Runs;

/// <summary>Begins a run.</summary>
internal sealed class CreateRun(Writes writes, RunsStore store, IdSource ids)
{
    public const string NameTag = "mlflow.runName";

    public Task<Run> HandleAsync(Caller caller, Request request, CancellationToken cancellation)
    {
        var experimentId = ReadExperiments.ParseId(request.ExperimentId);
        var startedAt = request.StartTime is { } start ? Instants.FromMillis(start, "start_time") : (long?)null;
        var name = NameOf(request);
        return writes.RunAsync(caller, async change =>
        {
            var experiment = await ExperimentAsync(change, experimentId) ?? throw RunsErrors.NoExperiment(request.ExperimentId);
            if (!experiment.IsActive)
                throw RunsErrors.ExperimentDeleted(experimentId);
            var id = ids.Next();
            return await store.InsertRunAsync(change, new Run
            {
                RunId = id,
                ExperimentId = experimentId,
                Name = name,
                UserId = request.UserId ?? "",
                StartedAt = startedAt ?? change.Now,
                ArtifactUri = ArtifactLocation.Below(experiment.ArtifactLocation, $"{id}/artifacts"),
                Tags = new Dictionary<string, string>(request.Tags) { [NameTag] = name },
            });
        }, cancellation);
    }

    private async Task<Experiment?> ExperimentAsync(Change change, long id)
    {
        var experiment = await store.ShareExperimentAsync(change, id);
        if (experiment is not null || id != Experiment.DefaultId)
            return experiment;
        await store.EnsureDefaultExperimentAsync(change);
        return await store.ShareExperimentAsync(change, id);
    }

    private static string NameOf(Request request)
    {
        var tag = request.Tags.GetValueOrDefault(NameTag);
        if (!string.IsNullOrEmpty(request.RunName) && tag is not null && tag != request.RunName)
            throw Refusal.Invalid("Both 'run_name' argument and 'mlflow.runName' tag are specified, but with different values " +
                $"(run_name='{request.RunName}', mlflow.runName='{tag}').");
        return !string.IsNullOrEmpty(request.RunName) ? request.RunName : !string.IsNullOrEmpty(tag) ? tag : RunName.Next();
    }

    public static void Map(IEndpointRouteBuilder routes) => routes.MapMlflowOnce("POST", "runs/create", Permission.WriteRuns, async (
        MlflowRequest request, Caller caller, CreateRun create, CancellationToken cancellation) =>
    {
        var run = await create.HandleAsync(
            caller,
            new Request(
                request.Optional("experiment_id") is { Length: > 0 } id ? id : "0",
                request.Optional("run_name"),
                request.Optional("user_id"),
                request.Integer("start_time"),
                KeyRule.FirstTags(request)),
            cancellation);
        return MlflowRun.Answer(run);
    });

    /// <param name="ExperimentId">Digits.</param>
    /// <param name="RunName">Invented where absent.</param>
    /// <param name="UserId">Whom the client says it is.</param>
    /// <param name="StartTime">Milliseconds since 1970; now where absent.</param>
    /// <param name="Tags">First tags, which MLflow does not measure.</param>
    public sealed record Request(string ExperimentId, string? RunName, string? UserId, long? StartTime, IReadOnlyDictionary<string, string> Tags);
}
