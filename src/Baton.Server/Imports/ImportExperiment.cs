using System.Globalization;
using Baton.Contracts;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ledger;
using Baton.Server.Runs;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Imports;

/// <summary>Imports an experiment. Again is no change.</summary>
internal sealed class ImportExperiment(Writes writes, AdoptExperiment adopt, ImportsStore store)
{
    public Task<Experiment> HandleAsync(Caller caller, Request request, CancellationToken cancellation) => writes.RunAsync(caller, async change =>
    {
        var given = request.Experiment;
        var experiment = await adopt.HandleAsync(change, new AdoptExperiment.Request(
            given.ExperimentId,
            given.Name,
            ImportTimes.Stage(given.LifecycleStage) == "deleted",
            ImportTimes.Micros(given.CreationTime, "creation_time"),
            ImportTimes.Micros(given.LastUpdateTime, "last_update_time"),
            given.ArtifactLocation,
            given.Tags,
            request.Source));
        var target = experiment.ExperimentId.ToString(CultureInfo.InvariantCulture);
        await store.PutAsync(change, request.Source, ImportKinds.Experiment, [new Mark($"{given.ExperimentId}", request.Digest, target)]);
        return experiment;
    }, cancellation);

    public static void Map(IEndpointRouteBuilder routes) => routes.MapV1("POST", "import/experiments", Permission.Import, async (
        HttpRequest request, Caller caller, ImportExperiment import, CancellationToken cancellation) =>
    {
        var experiment = await import.HandleAsync(caller, await ImportBody.ReadAsync<Request>(request, cancellation), cancellation);
        return Results.Json(new Answer(experiment.ExperimentId, experiment.ArtifactLocation), Documents.Compact);
    });

    public sealed record Request(string Source, string Digest, ImportedExperiment Experiment) : IImport;

    private sealed record Answer(long ExperimentId, string ArtifactLocation);
}
