using System.Globalization;
using Baton.Database;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Runs.History;

/// <summary>Answers a series of texts by time and step, page by page.</summary>
internal sealed class GetTexts(BatonDatabase database, HistoryStore history, SeriesStore store)
{
    private const int MaxResults = 1000;

    public async Task<(IReadOnlyList<TextPoint> Texts, string? Next)> HandleAsync(
        Caller caller, string runId, string key, int most, string? pageToken, CancellationToken cancellation)
    {
        var query = $"{runId} {key}";
        var after = string.IsNullOrEmpty(pageToken) ? TextPlace.Start : PlaceOf(PageMark.WordsOf(pageToken, query, 4));
        var found = await database.ReadAsync(async sql =>
        {
            var (hasRun, series) = await history.FindAsync(sql, caller.Project, runId, key);
            if (!hasRun)
                throw RunsErrors.NoRun(runId);
            var texts = series is { } known ? await store.TextsAsync(sql, known, after, most + 1) : [];
            return texts.Count > 0 || after != TextPlace.Start ? texts : throw Refusal.NotFound($"The run {runId} has no series of texts '{key}'.");
        }, cancellation);
        return found.Count <= most ? (found, null) : ([.. found.Take(most)], TokenOf(query, found[most - 1].Place));
    }

    private static string TokenOf(string query, TextPlace place) => PageMark.Of(
        query,
        place.At.ToString(CultureInfo.InvariantCulture),
        place.Step.Whole.ToString(CultureInfo.InvariantCulture),
        place.Step.Millionths.ToString(CultureInfo.InvariantCulture),
        place.Digest);

    private static TextPlace PlaceOf(string[] words) =>
        long.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out var at)
        && long.TryParse(words[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)
        && long.TryParse(words[2], NumberStyles.None, CultureInfo.InvariantCulture, out var millionths)
            ? new TextPlace(at, new DecimalStep(whole, millionths), words[3])
            : throw Refusal.Invalid("Invalid page token: it is none that this route gave out. Leave page_token out to begin at the first page.");

    public static void Map(IEndpointRouteBuilder routes) => routes.MapV1("GET", "runs/{runId}/texts/{**key}", Permission.ReadRuns, async (
        string runId, string key, HttpRequest request, Caller caller, GetTexts get, CancellationToken cancellation) =>
    {
        var (texts, next) = await get.HandleAsync(
            caller, runId, RouteKey.Of(key), ListSeries.MostOf(request, MaxResults), request.Query["page_token"], cancellation);
        return MlflowAnswer.Of(new { Texts = texts.Select(TextLine.Of), NextPageToken = next });
    });

    private sealed record TextLine(decimal Step, decimal Time, string Text)
    {
        public static TextLine Of(TextPoint point) => new(point.Place.Step.Exact, PointsJson.MillisOf(point.Place.At), point.Text);
    }
}
