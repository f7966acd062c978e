using System.Globalization;
using Baton.Database;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Runs.History;

/// <summary>Lists what a run logged over steps: its metrics, each in one line, and its series of texts.</summary>
internal sealed class ListSeries(BatonDatabase database, SeriesStore store, ArrivedPoints arrived)
{
    private const int MaxResults = 5000;

    /// <summary>A page of metrics by key, and the token of the next page.</summary>
    public async Task<(IReadOnlyList<MetricSummary> Metrics, string? Next)> MetricsAsync(
        Caller caller, string runId, int most, string? pageToken, CancellationToken cancellation)
    {
        var after = string.IsNullOrEmpty(pageToken) ? "" : PageMark.WordsOf(pageToken, runId, 1)[0];
        await arrived.SettleAsync(caller, [runId], cancellation);
        var found = await database.ReadAsync(
            async sql => await store.SummariesAsync(
                sql, await store.FindRunAsync(sql, caller.Project, runId) ?? throw RunsErrors.NoRun(runId), after, most + 1),
            cancellation);
        return found.Count <= most ? (found, null) : ([.. found.Take(most)], PageMark.Of(runId, found[most - 1].Key));
    }

    /// <summary>Every series of texts by key.</summary>
    public Task<IReadOnlyList<(string Key, long Points)>> TextsAsync(Caller caller, string runId, CancellationToken cancellation) => database.ReadAsync(
        async sql => await store.TextKeysAsync(sql, await store.FindRunAsync(sql, caller.Project, runId) ?? throw RunsErrors.NoRun(runId)),
        cancellation);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapV1("GET", "runs/{runId}/metrics", Permission.ReadRuns, async (
            string runId, HttpRequest request, Caller caller, ListSeries list, CancellationToken cancellation) =>
        {
            var (metrics, next) = await list.MetricsAsync(caller, runId, MostOf(request, MaxResults), request.Query["page_token"], cancellation);
            return MlflowAnswer.Of(new { Metrics = metrics.Select(MetricLine.Of), NextPageToken = next });
        });
        routes.MapV1("GET", "runs/{runId}/texts", Permission.ReadRuns, async (
            string runId, Caller caller, ListSeries list, CancellationToken cancellation) =>
            MlflowAnswer.Of(new { Texts = (await list.TextsAsync(caller, runId, cancellation)).Select(t => new { t.Key, t.Points }) }));
    }

    /// <summary>How many results a request asks for: all that are given at once, where it does not say.</summary>
    public static int MostOf(HttpRequest request, int max)
    {
        if (request.Query["max_results"].ToString() is not { Length: > 0 } text)
            return max;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var most) && most >= 1 && most <= max
            ? most
            : throw Refusal.Invalid($"Invalid value \"{text}\" for 'max_results': expected 1 to {max}.");
    }

    private sealed record MetricLine(string Key, double Value, decimal Step, decimal Time, double? Min, double? Max, long Points)
    {
        public static MetricLine Of(MetricSummary found) => new(
            found.Key, found.Value, found.Step.Exact, PointsJson.MillisOf(found.At), found.Least, found.Greatest, found.Points);
    }
}
