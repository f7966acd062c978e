using Baton.Server.Platform.Access;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ledger;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Runs;

/// <summary>Links a run to the datasets it read.</summary>
internal sealed class LogInputs(Writes writes, RunsStore store)
{
    private const int MaxDatasetName = 500;
    private const int MaxDigest = 36;

    public Task HandleAsync(Caller caller, string runId, IReadOnlyList<DatasetInput> inputs, CancellationToken cancellation)
    {
        foreach (var input in inputs)
        {
            if (input.Name.Length > MaxDatasetName)
                throw RunsErrors.TooLong("name", MaxDatasetName);
            if (input.Digest.Length > MaxDigest)
                throw RunsErrors.TooLong("digest", MaxDigest);
        }

        return writes.RunAsync(caller, async change =>
        {
            var run = await store.FindRunAsync(change.Sql, change.Project, runId) ?? throw RunsErrors.NoRun(runId);
            if (run.LifecycleStage != "active")
                throw RunsErrors.RunDeleted(runId);
            foreach (var input in inputs)
                await store.AddInputAsync(change, run, input);
            return true;
        }, cancellation);
    }

    public static void Map(IEndpointRouteBuilder routes) => routes.MapMlflow("POST", "runs/log-inputs", Permission.WriteRuns, async (
        MlflowRequest request, Caller caller, LogInputs log, CancellationToken cancellation) =>
    {
        await log.HandleAsync(caller, request.RequiredRunId(), [.. request.Objects("datasets").Select(InputOf)], cancellation);
        return MlflowAnswer.Empty;
    });

    private static DatasetInput InputOf(MlflowRequest input)
    {
        var dataset = input.RequiredObject("dataset");
        return new DatasetInput
        {
            Name = dataset.Required("name"),
            Digest = dataset.Required("digest"),
            SourceType = dataset.Optional("source_type") ?? "",
            Source = dataset.Optional("source") ?? "",
            SchemaJson = dataset.Optional("schema"),
            Profile = dataset.Optional("profile"),
            Tags = input.Pairs("tags"),
        };
    }
}
