using Baton.Server.Platform.Access;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ledger;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Runs;

/// <summary>Logs metrics, params and tags to a run: all of a request or nothing. The same request again is no change.</summary>
internal sealed class LogToRun(Writes writes, RunsStore store, LogKeys keys, ServerOptions options)
{
    private const int MaxParamValue = 6000;
    private const int MaxTagValue = 8000;

    public Task HandleAsync(Caller caller, LogRequest request, CancellationToken cancellation)
    {
        request.Check();
        var parameters = request.Params.Select(p => p with { Value = Fitted(p.Value, MaxParamValue, "Param value") }).ToList();
        // Of equal tags the last wins.
        var tags = request.Tags
            .Select((tag, place) => tag with { Value = Fitted(tag.Value, MaxTagValue, request.IsBatch ? $"tags[{place}].value" : "value") })
            .GroupBy(tag => tag.Key.Text).Select(same => same.Last()).ToList();
        return writes.RunAsync(caller, async change =>
        {
            var run = await store.ActiveRunAsync(change, request.RunId);
            if (request.Metrics.OfModels.Count > 0 && await store.MissingModelsAsync(change, request.Metrics.OfModels.Select(point => point.ModelId)) is [var missing, ..])
                throw Refusal.Invalid($"Logged model with ID '{missing}' not found.");
            if (await store.SetParamsAsync(change, run.RunNo, parameters) is { Count: > 0 } standing)
                throw request.IsBatch ? RunsErrors.ParamsChanged(run.RunId, standing) : RunsErrors.ParamChanged(run.RunId, standing[0]);
            await store.AddMetricsAsync(change, run, request.Metrics);
            await store.SetTagsAsync(change, run.RunNo, tags);
            if (tags.Find(tag => tag.Key.Text == CreateRun.NameTag) is { } name)
                await store.UpdateRunAsync(change, run.RunNo, null, null, name.Value);
            return true;
        }, cancellation);
    }

    /// <summary>MLflow cuts long values without a word, and its clients count on it; a server may be told to refuse them instead.</summary>
    private string Fitted(string value, int most, string what) => options.TruncateLongValues
        ? CodePoints.Cut(value, most)
        : value.IsLongerThan(most) ? throw RunsErrors.TooLong(what, most) : value;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMlflow("POST", "runs/log-batch", Permission.WriteRuns, async (MlflowBody body, Caller caller, LogToRun log, CancellationToken cancellation) =>
        {
            LogRequest request;
            using (body)
                request = body.Parse(json => LogBatchReader.Read(json, log.KeysOf(caller)));
            await log.HandleAsync(caller, request, cancellation);
            return MlflowAnswer.Empty;
        });
        routes.MapMlflow("POST", "runs/log-metric", Permission.WriteRuns, async (MlflowRequest request, Caller caller, LogToRun log, CancellationToken cancellation) =>
        {
            await log.HandleAsync(caller, MetricOf(request, log.KeysOf(caller)), cancellation);
            return MlflowAnswer.Empty;
        });
        routes.MapMlflow("POST", "runs/log-parameter", Permission.WriteRuns, async (MlflowRequest request, Caller caller, LogToRun log, CancellationToken cancellation) =>
        {
            await log.HandleAsync(caller, new LogRequest(request.RequiredRunId()) { Params = [PairOf(request, log.KeysOf(caller))] }, cancellation);
            return MlflowAnswer.Empty;
        });
        routes.MapMlflow("POST", "runs/set-tag", Permission.WriteRuns, async (MlflowRequest request, Caller caller, LogToRun log, CancellationToken cancellation) =>
        {
            await log.HandleAsync(caller, new LogRequest(request.RequiredRunId()) { Tags = [PairOf(request, log.KeysOf(caller))] }, cancellation);
            return MlflowAnswer.Empty;
        });
    }

    private ProjectKeys KeysOf(Caller caller) => keys.Of(caller.Project);

    private static LogPair PairOf(MlflowRequest request, ProjectKeys keys) => new(keys.Of(request.Required("key")), request.Optional("value") ?? "");

    private static LogRequest MetricOf(MlflowRequest request, ProjectKeys keys)
    {
        var runId = request.RequiredRunId();
        var key = keys.Of(request.Required("key"));
        var value = request.RequiredDouble("value");
        var millis = request.Integer("timestamp") ?? throw request.Missing("timestamp");
        var (at, refusal) = LogRequest.TimeOf(millis, "timestamp", key.Text, value);
        var metrics = new MetricRows();
        metrics.Add(key, value, at, request.Integer("step") ?? 0);
        if (request.Optional("model_id") is { Length: > 0 } model)
            metrics.BelongsTo(model, request.Optional("dataset_name"), request.Optional("dataset_digest"));
        return new LogRequest(runId) { Metrics = metrics, BadTime = refusal is null ? null : (0, refusal) };
    }
}
