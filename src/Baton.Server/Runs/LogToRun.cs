using Baton.Server.Platform.Access;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ids;
using Baton.Server.Platform.Ledger;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Runs;

/// <summary>Logs metrics, params and tags to a run: all of a request or nothing. The same request again is no change.</summary>
internal sealed class LogToRun(Writes writes, RunsStore store)
{
    private const int MaxMetrics = 1000;
    private const int MaxParams = 100;
    private const int MaxTags = 100;
    private const int MaxParamValue = 6000;
    private const int MaxTagValue = 8000;

    public Task HandleAsync(Caller caller, Request request, CancellationToken cancellation)
    {
        Check(request);
        return writes.RunAsync(caller, async change =>
        {
            var run = await store.FindRunAsync(change.Sql, change.Project, request.RunId) ?? throw RunsErrors.NoRun(request.RunId);
            if (run.LifecycleStage != "active")
                throw RunsErrors.RunDeleted(request.RunId);
            foreach (var (key, value) in request.Params)
            {
                if (await store.SetParamAsync(change, request.RunId, key, Cut(value, MaxParamValue)) is { } stands)
                    throw RunsErrors.ParamChanged(request.RunId, key, stands, value);
            }

            foreach (var point in request.Metrics)
                await store.AddMetricAsync(change, request.RunId, point);
            foreach (var (key, value) in request.Tags)
                await store.SetTagAsync(change, request.RunId, key, Cut(value, MaxTagValue));
            if (request.Tags.TryGetValue(CreateRun.NameTag, out var name))
                await store.UpdateRunAsync(change, request.RunId, null, null, name);
            return true;
        }, cancellation);
    }

    private static void Check(Request request)
    {
        foreach (var point in request.Metrics)
            KeyRule.Checked(point.Key, "Metric name");
        foreach (var key in request.Params.Keys)
            KeyRule.Checked(key, "Param key");
        foreach (var key in request.Tags.Keys)
            KeyRule.Checked(key, "key");
        if (request.Metrics.Count > MaxMetrics)
            throw RunsErrors.TooMany(MaxMetrics, request.Metrics.Count, "metrics");
        if (request.Params.Count > MaxParams)
            throw RunsErrors.TooMany(MaxParams, request.Params.Count, "params");
        if (request.Tags.Count > MaxTags)
            throw RunsErrors.TooMany(MaxTags, request.Tags.Count, "tags");
        var total = request.Metrics.Count + request.Params.Count + request.Tags.Count;
        if (total > MaxMetrics)
            throw RunsErrors.TooMany(MaxMetrics, total, "metrics, params, and tags");
    }

    /// <summary>MLflow cuts long values without a word, and its clients count on it.</summary>
    private static string Cut(string value, int most) => value.Length > most ? value[..most] : value;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMlflow("POST", "runs/log-batch", Permission.WriteRuns, async (
            MlflowRequest request, Caller caller, LogToRun log, CancellationToken cancellation) =>
        {
            var parameters = request.Objects("params");
            var pairs = request.Pairs("params");
            if (pairs.Count != parameters.Count)
                throw Refusal.Invalid("Duplicate parameter keys have been submitted. Please ensure the request contains only one param value per param key.");
            await log.HandleAsync(
                caller,
                new Request(request.RequiredRunId()) { Metrics = [.. request.Objects("metrics").Select(PointOf)], Params = pairs, Tags = request.Pairs("tags") },
                cancellation);
            return MlflowAnswer.Empty;
        });
        routes.MapMlflow("POST", "runs/log-metric", Permission.WriteRuns, async (
            MlflowRequest request, Caller caller, LogToRun log, CancellationToken cancellation) =>
        {
            await log.HandleAsync(caller, new Request(request.RequiredRunId()) { Metrics = [PointOf(request)] }, cancellation);
            return MlflowAnswer.Empty;
        });
        routes.MapMlflow("POST", "runs/log-parameter", Permission.WriteRuns, async (
            MlflowRequest request, Caller caller, LogToRun log, CancellationToken cancellation) =>
        {
            await log.HandleAsync(caller, new Request(request.RequiredRunId()) { Params = PairOf(request) }, cancellation);
            return MlflowAnswer.Empty;
        });
        routes.MapMlflow("POST", "runs/set-tag", Permission.WriteRuns, async (
            MlflowRequest request, Caller caller, LogToRun log, CancellationToken cancellation) =>
        {
            await log.HandleAsync(caller, new Request(request.RequiredRunId()) { Tags = PairOf(request) }, cancellation);
            return MlflowAnswer.Empty;
        });
    }

    private static Dictionary<string, string> PairOf(MlflowRequest request) => new() { [request.Required("key")] = request.Optional("value") ?? "" };

    private static MetricPoint PointOf(MlflowRequest metric)
    {
        var key = metric.Required("key");
        var value = metric.RequiredDouble("value");
        var timestamp = metric.Integer("timestamp") ?? throw metric.Missing("timestamp");
        if (timestamp < 0)
            throw Refusal.Invalid($"Invalid value {timestamp} for parameter 'timestamp' supplied: metric '{key}' (value={value}). " +
                "Timestamp must be a nonnegative long (64-bit integer) ");
        return MetricPoint.Of(key, value, Instants.FromMillis(timestamp, "timestamp"), metric.Integer("step") ?? 0);
    }

    public sealed record Request(string RunId)
    {
        public IReadOnlyList<MetricPoint> Metrics { get; init; } = [];

        public IReadOnlyDictionary<string, string> Params { get; init; } = new Dictionary<string, string>();

        public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();
    }
}
