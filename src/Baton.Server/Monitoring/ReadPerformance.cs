using Baton.Contracts;
using Baton.Server.Deployments;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ids;
using Baton.Server.Predictions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Monitoring;

/// <summary>Tells what an endpoint's predictions were worth, week by week, as far as their labels are known.</summary>
internal sealed class ReadPerformance(QueryPredictions predictions, TimeProvider time)
{
    /// <summary>The weeks of a range, oldest first.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="endpoint">Endpoint; one that does not exist is refused.</param>
    /// <param name="from">Microseconds of event time; its week is told whole. Null for the oldest.</param>
    /// <param name="to">Microseconds; weeks that begin before it are told, whole. Null for the newest.</param>
    /// <param name="cancellation">Breaks off.</param>
    public async Task<IReadOnlyList<PerformanceWeek>> HandleAsync(Caller caller, string endpoint, long? from, long? to, CancellationToken cancellation)
    {
        if (from >= to)
            throw Refusal.Invalid($"'from' ({Instants.FromMicros(from.Value):yyyy-MM-dd'T'HH:mm:ss'Z'}) must lie before 'to' ({Instants.FromMicros(to.Value):yyyy-MM-dd'T'HH:mm:ss'Z'}).");
        return WeeklyPerformance.Of(await predictions.ColumnsAsync(
            caller, endpoint, from is { } first ? CalendarWeeks.Begin(first) : null, to is { } last ? CalendarWeeks.End(last) : null, cancellation));
    }

    public static void Map(IEndpointRouteBuilder routes) => routes.MapV1("GET", "endpoints/{endpoint}/performance", Permission.ReadMonitoring, async (
        string endpoint, string? from, string? to, Caller caller, ReadPerformance read, CancellationToken cancellation) =>
    {
        var weeks = await read.HandleAsync(caller, EndpointName.Parse(endpoint).Value, Time("from", from), Time("to", to), cancellation);
        return Results.Json(new Answer(endpoint, read.Now, weeks), Documents.Compact);
    });

    private DateTimeOffset Now => time.GetUtcNow();

    private static long? Time(string name, string? text) => string.IsNullOrEmpty(text) ? null : LogNames.Time(name, text, 0);

    private sealed record Answer(string Endpoint, DateTimeOffset GeneratedAt, IReadOnlyList<PerformanceWeek> Weeks);
}
