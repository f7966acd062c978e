using Baton.Database;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Runs.History;

/// <summary>Answers the points of a metric by time, step and value: all of them, or page by page.</summary>
internal sealed class GetHistory(BatonDatabase database, HistoryStore store, ArrivedPoints arrived)
{
    public async Task WriteAsync(Caller caller, Request request, HttpResponse response, CancellationToken cancellation)
    {
        var after = request.PageToken is { Length: > 0 } token ? PlaceOf(token, request) : PointPlace.Start;
        await arrived.SettleAsync(caller, [request.RunId], cancellation);
        var (_, series) = await database.ReadAsync(sql => store.FindAsync(sql, caller.Project, request.RunId, request.Key), cancellation);
        await using var json = new MetricsJson(response, request.Key);
        string? next = null;
        if (series is { } found && request.MaxResults > 0)
        {
            var left = request.MaxResults;
            // One more than asked for tells whether another page follows.
            var stream = new PointStream(database, store, found, after, StepRange.Everything, left == long.MaxValue ? left : left + 1);
            while (next is null && await stream.NextAsync(cancellation))
            {
                var block = stream.Block;
                var count = (int)Math.Min(block.Count, left);
                await json.WriteAsync(block, count, null, cancellation);
                if (count < block.Count)
                    next = PageMark.Of(QueryOf(request), (count > 0 ? block.PlaceOf(count - 1) : after).ToString());
                left -= count;
                after = count > 0 ? block.PlaceOf(count - 1) : after;
            }
        }

        await json.EndAsync(next, cancellation);
    }

    private static PointPlace PlaceOf(string token, Request request) => PointPlace.TryParse(PageMark.WordsOf(token, QueryOf(request), 1)[0], out var place)
        ? place
        : throw Refusal.Invalid("Invalid page token: it is none that this route gave out. Leave page_token out to begin at the first page.");

    private static string QueryOf(Request request) => $"{request.RunId} {request.Key}";

    public static void Map(IEndpointRouteBuilder routes) => routes.MapMlflow("GET", "metrics/get-history", Permission.ReadRuns, (
        MlflowRequest request, Caller caller, GetHistory get, HttpResponse response, CancellationToken cancellation) =>
    {
        var most = request.Integer("max_results") ?? long.MaxValue;
        if (most < 0)
            throw Refusal.Invalid($"Invalid value {most} for parameter 'max_results' supplied: expected 0 or more.");
        var asked = new Request(request.RequiredRunId(), request.Required("metric_key"), most, request.Optional("page_token"));
        return get.WriteAsync(caller, asked, response, cancellation);
    });

    /// <param name="RunId">The run; an unknown one has no points.</param>
    /// <param name="Key">The metric; an unknown one has no points.</param>
    /// <param name="MaxResults">How many points at most.</param>
    /// <param name="PageToken">Where to go on.</param>
    public sealed record Request(string RunId, string Key, long MaxResults, string? PageToken);
}
