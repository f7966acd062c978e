using System.Globalization;
using Baton.Database;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Runs.History;

/// <summary>
/// Answers one series for charts and data frames: as columns of Float64 or as JSON, whole, from a place on, within a range of steps, or down-sampled
/// to the least and greatest value of each bucket, which the answer says.
/// </summary>
internal sealed class GetPoints(BatonDatabase database, HistoryStore store, ArrivedPoints arrived)
{
    private const int MaxBuckets = 10_000;

    public async Task WriteAsync(Caller caller, Request request, HttpContext context, CancellationToken cancellation)
    {
        await arrived.SettleAsync(caller, [request.RunId], cancellation);
        var (series, end, sampled) = await database.ReadAsync(async sql =>
        {
            var (hasRun, found) = await store.FindAsync(sql, caller.Project, request.RunId, request.Key);
            if (!hasRun)
                throw RunsErrors.NoRun(request.RunId);
            if (found is not { } series || await store.EndAsync(sql, series) is not { } end)
                throw Refusal.NotFound($"The run {request.RunId} has no metric '{request.Key}'.");
            var isKnown = context.Request.Headers.IfNoneMatch.ToString() == $"\"{end.Mark}\"";
            return (series, end, !isKnown && request.Buckets is { } buckets ? await store.SampleAsync(sql, series, request.Range, buckets) : null);
        }, cancellation);
        var response = context.Response;
        response.Headers.ETag = $"\"{end.Mark}\"";
        response.Headers.Vary = "Accept";
        if (context.Request.Headers.IfNoneMatch.ToString() == response.Headers.ETag)
            response.StatusCode = StatusCodes.Status304NotModified;
        else if (context.Request.Headers.Accept.ToString().Contains(PointsFile.ContentType, StringComparison.OrdinalIgnoreCase))
            await WriteFileAsync(request, series, end, sampled, response, cancellation);
        else
            await WriteJsonAsync(request, series, end, sampled, response, cancellation);
    }

    private async Task WriteFileAsync(
        Request request, SeriesKey series, SeriesEnd end, SampledSeries? sampled, HttpResponse response, CancellationToken cancellation)
    {
        response.ContentType = PointsFile.ContentType;
        var file = new PointsFile(response.BodyWriter);
        if (sampled is not null)
        {
            await file.WriteAsync(sampled, cancellation);
            return;
        }

        file.BeginPoints(end.Count);
        var stream = new PointStream(database, store, series, request.After, request.Range);
        while (await stream.NextAsync(cancellation))
            await file.WriteAsync(stream.Block, cancellation);
        await file.EndAsync(cancellation);
    }

    private async Task WriteJsonAsync(
        Request request, SeriesKey series, SeriesEnd end, SampledSeries? sampled, HttpResponse response, CancellationToken cancellation)
    {
        await using var json = new PointsJson(response);
        if (sampled is not null)
        {
            await json.WriteAsync(request.RunId, request.Key, sampled, cancellation);
            return;
        }

        json.BeginPoints(request.RunId, request.Key, end.Count);
        var stream = new PointStream(database, store, series, request.After, request.Range);
        while (await stream.NextAsync(cancellation))
            await json.WriteAsync(stream.Block, cancellation);
        await json.EndAsync(end.Mark, cancellation);
    }

    public static void Map(IEndpointRouteBuilder routes) => routes.MapV1("GET", "runs/{runId}/metrics/{key}/points", Permission.ReadRuns, (
        string runId, string key, HttpContext context, Caller caller, GetPoints get, CancellationToken cancellation) =>
    {
        var query = context.Request.Query;
        var range = new StepRange(StepOf(query, "from") ?? DecimalStep.Least, StepOf(query, "to") ?? DecimalStep.Greatest);
        var request = new Request(runId, RouteKey.Of(key), AfterOf(query["since"].ToString()), range, BucketsOf(query["buckets"].ToString()));
        if (request is { Buckets: not null, After: var after } && after != PointPlace.Start)
            throw Refusal.Invalid("'since' and 'buckets' exclude each other: buckets of the newest points alone would not fit those of the rest.");
        return get.WriteAsync(caller, request, context, cancellation);
    });

    private static DecimalStep? StepOf(IQueryCollection query, string name)
    {
        if (query[name].ToString() is not { Length: > 0 } text)
            return null;
        return DecimalStep.TryParse(text, out var step)
            ? step
            : throw Refusal.Invalid($"Invalid value \"{text}\" for '{name}': expected a step, a number with at most six decimals.");
    }

    private static PointPlace AfterOf(string mark)
    {
        if (mark.Length == 0)
            return PointPlace.Start;
        return mark.Split('-', 2) is [_, var text] && PointPlace.TryParse(text, out var place)
            ? place
            : throw Refusal.Invalid($"Invalid value \"{mark}\" for 'since': expected the ETag of an earlier answer, without its quotes.");
    }

    private static int? BucketsOf(string text)
    {
        if (text.Length == 0)
            return null;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var buckets) && buckets is >= 1 and <= MaxBuckets
            ? buckets
            : throw Refusal.Invalid($"Invalid value \"{text}\" for 'buckets': expected 1 to {MaxBuckets}.");
    }

    /// <param name="RunId">The run.</param>
    /// <param name="Key">The metric.</param>
    /// <param name="After">Which place the points follow.</param>
    /// <param name="Range">Which steps.</param>
    /// <param name="Buckets">Into how many buckets to put them; null for the points themselves.</param>
    public sealed record Request(string RunId, string Key, PointPlace After, StepRange Range, int? Buckets);
}
