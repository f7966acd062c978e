using System.Text.Json.Nodes;
using Baton.Contracts;
using Baton.Database;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ids;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Platform.Events;

/// <summary>Shows the events that a subscriber failed on, and hands one over once more.</summary>
internal sealed class ParkedEvents(BatonDatabase database, OutboxStore store, IEnumerable<IEventSubscriber> subscribers)
{
    public Task<IReadOnlyList<ParkedEvent>> ListAsync(Caller caller, CancellationToken cancellation) =>
        database.ReadAsync(sql => store.ListParkedAsync(sql, caller.Project), cancellation);

    /// <summary>Hands it to its subscriber again. It leaves the list where that succeeds; else the refusal says why not.</summary>
    public async Task RetryAsync(Caller caller, string subscriber, long seq, CancellationToken cancellation)
    {
        var parked = await database.ReadAsync(sql => store.FindParkedAsync(sql, caller.Project, subscriber, seq), cancellation)
            ?? throw Refusal.NotFound($"No event {seq} of subscriber {subscriber} is parked.");
        var takes = subscribers.FirstOrDefault(s => s.Name == subscriber)
            ?? throw Refusal.NotReady($"There is no subscriber {subscriber} in this server any more: the event stays parked.");
        try
        {
            await takes.HandleAsync(parked.Event, cancellation);
        }
        catch (Exception failed) when (failed is not DatabaseUnavailableException and not OperationCanceledException)
        {
            throw Refusal.NotReady($"It failed again: {SubscriberFeed.Spoken(failed)}");
        }

        await database.WriteAsync(sql => store.UnparkAsync(sql, subscriber, seq), cancellation);
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapV1("GET", "events/parked", Permission.ReadLedger, async (Caller caller, ParkedEvents parked, CancellationToken cancellation) =>
            Results.Json(new Listing([.. (await parked.ListAsync(caller, cancellation)).Select(View.Of)]), Documents.Compact));
        routes.MapV1("POST", "events/parked/{subscriber}/{seq:long}/retry", Permission.RetryEvents, async (
            string subscriber, long seq, Caller caller, ParkedEvents parked, CancellationToken cancellation) =>
        {
            await parked.RetryAsync(caller, subscriber, seq, cancellation);
            return Results.Text("{}", "application/json");
        });
    }

    private sealed record Listing(IReadOnlyList<View> Parked);

    private sealed record View(string Subscriber, long Seq, string Type, string Subject, DateTimeOffset At, JsonNode Data, string Error, DateTimeOffset ParkedAt)
    {
        public static View Of(ParkedEvent p) => new(
            p.Subscriber, p.Seq, p.Type, p.Subject, Instants.FromMicros(p.At), JsonNode.Parse(p.Data)!, p.Error, Instants.FromMicros(p.ParkedAt));
    }
}
