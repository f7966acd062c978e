using System.Globalization;
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

    public Task<Run> HandleAsync(Caller caller, Request request, CancellationToken cancellation) => writes.RunAsync(caller, async change =>
    {
        var experimentId = ReadExperiments.ParseId(request.ExperimentId);
        if (experimentId == Experiment.DefaultId)
            await store.EnsureDefaultExperimentAsync(change);
        var experiment = await store.FindExperimentAsync(change.Sql, change.Project, experimentId) ?? throw RunsErrors.NoExperiment(request.ExperimentId);
        if (experiment.LifecycleStage != "active")
            throw Refusal.Invalid($"The experiment {experimentId} must be in the 'active' state. Current state is {experiment.LifecycleStage}.");
        var id = ids.Next();
        var name = NameOf(request, id);
        var run = new Run
        {
            RunId = id,
            ExperimentId = experimentId,
            Name = name,
            UserId = request.UserId ?? "",
            StartedAt = request.StartTime is { } start ? Instants.FromMillis(start, "start_time") : change.Now,
            ArtifactUri = $"{experiment.ArtifactLocation}/{id}/artifacts",
            Tags = new Dictionary<string, string>(request.Tags) { [NameTag] = name },
        };
        await store.InsertRunAsync(change, run);
        await change.RecordAsync("run.created", $"runs/{id}", new { name, experiment = experiment.Name });
        return run;
    }, cancellation);

    private static string NameOf(Request request, string id)
    {
        var tag = request.Tags.GetValueOrDefault(NameTag);
        if (!string.IsNullOrEmpty(request.RunName) && tag is not null && tag != request.RunName)
            throw Refusal.Invalid("Both 'run_name' argument and 'mlflow.runName' tag are specified, but with different values " +
                $"(run_name='{request.RunName}', mlflow.runName='{tag}').");
        return !string.IsNullOrEmpty(request.RunName) ? request.RunName : tag ?? $"run-{id[^8..]}";
    }

    public static void Map(IEndpointRouteBuilder routes) => routes.MapMlflow("POST", "runs/create", Permission.WriteRuns, async (
        MlflowRequest request, Caller caller, CreateRun create, CancellationToken cancellation) =>
    {
        var run = await create.HandleAsync(
            caller,
            new Request(
                request.Optional("experiment_id") is { Length: > 0 } id ? id : 0.ToString(CultureInfo.InvariantCulture),
                request.Optional("run_name"),
                request.Optional("user_id"),
                request.Integer("start_time"),
                request.Pairs("tags")),
            cancellation);
        return MlflowAnswer.Of(new { Run = MlflowRun.Of(run) });
    });

    /// <param name="ExperimentId">Digits.</param>
    /// <param name="RunName">Invented where absent.</param>
    /// <param name="UserId">Whom the client says it is.</param>
    /// <param name="StartTime">Milliseconds since 1970; now where absent.</param>
    /// <param name="Tags">First tags.</param>
    public sealed record Request(string ExperimentId, string? RunName, string? UserId, long? StartTime, IReadOnlyDictionary<string, string> Tags);
}
