using System.Globalization;
using System.Text.Json;
using Baton.Contracts;
using Baton.Database;
using Baton.Server.Deployments;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ids;
using Baton.Server.Platform.Jobs;
using Baton.Server.Platform.Ledger;
using Baton.Server.Registry;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Predictions;

/// <summary>Runs the inputs of a logged prediction through a version again, by an agent, and compares.</summary>
internal sealed class ReplayPrediction(
    BatonDatabase database, Writes writes, PredictionsStore store, ReadPrediction read, DeploymentsStore deployments, RegistryStore registry, JobQueue jobs,
    JobSignal signal, IdSource ids, TimeProvider time)
{
    private const int MaxBody = 64 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);

    public async Task<ReplayView> HandleAsync(Caller caller, string endpoint, string id, string version, CancellationToken cancellation)
    {
        var prediction = await read.HandleAsync(caller, endpoint, id, cancellation);
        var redacted = prediction.Inputs.Where(i => i.Value.ValueKind == JsonValueKind.Null).Select(i => i.Key).ToList();
        if (redacted.Count > 0)
            throw Refusal.NotReady($"The prediction cannot be run again: {string.Join(", ", redacted)} {(redacted.Count == 1 ? "was" : "were")} redacted when it was logged.");
        var replay = await StartAsync(caller, endpoint, prediction, ModelVersion.ParseNumber(version), cancellation);
        signal.Wake();
        var result = await WaitAsync(caller, replay, cancellation);
        return ReplayView.Of(version, result, prediction);
    }

    private Task<ReplayRecord> StartAsync(Caller caller, string endpoint, PredictionView prediction, long number, CancellationToken cancellation) =>
        writes.RunAsync(caller, async change =>
        {
            var model = await ModelOfAsync(change.Sql, caller.Project, endpoint, prediction);
            var version = await registry.FindVersionAsync(change.Sql, change.Project, model, number) ?? throw RegistryErrors.NoVersion(model, number);
            var id = ids.Next();
            var replay = new ReplayRecord
            {
                Id = id,
                Endpoint = endpoint,
                PredictionId = prediction.PredictionId,
                Model = model,
                Version = number,
                PackageDigest = version.ManifestDigest ?? throw RegistryErrors.Unsealed(version),
                Inputs = Documents.Write(prediction.Inputs),
                JobId = await jobs.EnqueueAsync(change, ReplayJobs.KindName, id),
            };
            await store.InsertReplayAsync(change, replay);
            return replay;
        }, cancellation);

    /// <summary>The model that the endpoint served when it answered; where its history has none of that package, the one it served last.</summary>
    private async Task<string> ModelOfAsync(Session sql, string project, string endpoint, PredictionView prediction)
    {
        var history = await deployments.HistoryAsync(sql, project, endpoint);
        var served = history.FirstOrDefault(d => d.PackageDigest == prediction.PackageDigest) ?? (history.Count > 0 ? history[0] : null);
        return served?.Model ?? throw Refusal.NotReady(
            $"Nothing was ever deployed to endpoint '{endpoint}', so it is not known which model's version to run. Deploy one with `baton deploy`.");
    }

    private async Task<ReplayResult> WaitAsync(Caller caller, ReplayRecord replay, CancellationToken cancellation)
    {
        var until = time.GetUtcNow() + Patience;
        while (true)
        {
            var now = (await database.ReadAsync(sql => store.FindReplayAsync(sql, caller.Project, replay.Id), cancellation))!;
            switch (now)
            {
                case { State: "finished", Result: { } document }:
                    var result = Documents.Read<ReplayResult>(document);
                    return result.Fault is { } fault
                        ? throw Refusal.NotReady($"Version {replay.Version} of {replay.Model} gave no answer to these inputs: {fault}")
                        : result;
                case { State: "failed" or "cancelled" }:
                    throw Refusal.NotReady($"The replay {now.State}: {now.Reason}");
            }

            if (time.GetUtcNow() >= until)
            {
                await writes.RunAsync(caller, async change =>
                {
                    await jobs.CancelAsync(change, replay.JobId);
                    return true;
                }, cancellation);
                throw Refusal.NotReady(string.Create(
                    CultureInfo.InvariantCulture, $"No agent has run the replay within {Patience.TotalSeconds:0} s. See that one works (`baton agent`, or `baton up`), then ask again."));
            }

            await Task.Delay(LookEvery, time, cancellation);
        }
    }

    public static void Map(IEndpointRouteBuilder routes) => routes.MapV1("POST", "endpoints/{endpoint}/predictions/{id}/replay", Permission.ReplayPredictions, async (
        string endpoint, string id, HttpRequest request, Caller caller, ReplayPrediction replay, CancellationToken cancellation) =>
    {
        var body = Documents.Read<Body>(await request.ReadTextAsync(MaxBody, cancellation));
        var version = body.Version ?? throw Refusal.Invalid("The body names no version: expected {\"version\": \"2\"}.");
        return Results.Json(await replay.HandleAsync(caller, EndpointName.Parse(endpoint).Value, id, version, cancellation), Documents.Compact);
    });

    private sealed record Body(string? Version);
}
