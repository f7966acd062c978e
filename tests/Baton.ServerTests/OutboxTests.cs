using System.Net;
using System.Text.Json.Nodes;
using Baton.Database;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Events;
using Baton.Server.Platform.Ids;
using Baton.Server.Platform.Ledger;
using Baton.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Baton.ServerTests;

public sealed class OutboxTests
{
    private static readonly Caller Local = new(Actor.LocalUser, Caller.DefaultProject);

    [Theory, EachDatabase]
    public async Task A_subscriber_hears_of_its_own_types_in_order_and_its_place_is_committed_once_for_a_batch(Engine engine)
    {
        await using var outbox = await Outbox.OpenAsync(engine);
        for (var i = 1; i <= 5; i++)
        {
            await outbox.PublishAsync("other", $"{i}");
            await outbox.PublishAsync("wanted", $"{i}");
        }

        var hears = new Hearing("wanted");
        var feed = outbox.Feed(hears);
        Assert.True(await feed.DeliverAsync(default));
        Assert.Equal(["1", "2", "3", "4", "5"], hears.Heard);
        Assert.Equal(10, await outbox.CursorAsync(hears));
        Assert.False(await feed.DeliverAsync(default));
        Assert.Equal(5, hears.Heard.Count);
    }

    [Theory, EachDatabase]
    public async Task An_event_that_fails_again_and_again_is_parked_and_the_later_ones_follow(Engine engine)
    {
        await using var outbox = await Outbox.OpenAsync(engine);
        foreach (var subject in new[] { "good", "poison", "later" })
            await outbox.PublishAsync("wanted", subject);
        var hears = new Hearing("wanted") { FailsOn = "poison" };
        var feed = outbox.Feed(hears);
        for (var attempt = 1; attempt < SubscriberFeed.MaxAttempts; attempt++)
        {
            Assert.False(await feed.DeliverAsync(default));
            Assert.Equal(1, await outbox.CursorAsync(hears));
            Assert.False(await feed.DeliverAsync(default));
            Assert.Equal(attempt, hears.Failed);
            outbox.Clock.Ahead += TimeSpan.FromSeconds(61);
        }

        Assert.Empty(await outbox.ParkedAsync());
        Assert.True(await feed.DeliverAsync(default));
        Assert.Equal(["good", "later"], hears.Heard);
        Assert.Equal(3, await outbox.CursorAsync(hears));
        var parked = Assert.Single(await outbox.ParkedAsync());
        Assert.Equal(("poison", hears.Name, "it does not like poison"), (parked.Subject, parked.Subscriber, parked.Error));
    }

    [Theory, EachDatabase]
    public async Task Waits_between_attempts_grow(Engine engine)
    {
        await using var outbox = await Outbox.OpenAsync(engine);
        await outbox.PublishAsync("wanted", "poison");
        var hears = new Hearing("wanted") { FailsOn = "poison" };
        var feed = outbox.Feed(hears);
        await feed.DeliverAsync(default);
        outbox.Clock.Ahead += TimeSpan.FromSeconds(1.1);
        await feed.DeliverAsync(default);
        outbox.Clock.Ahead += TimeSpan.FromSeconds(1.1);
        await feed.DeliverAsync(default);
        Assert.Equal(2, hears.Failed);
        outbox.Clock.Ahead += TimeSpan.FromSeconds(1.1);
        await feed.DeliverAsync(default);
        Assert.Equal(3, hears.Failed);
    }

    [Theory, EachDatabase]
    public async Task Events_go_a_day_after_every_subscriber_has_heard_of_them_and_never_sooner(Engine engine)
    {
        await using var outbox = await Outbox.OpenAsync(engine);
        foreach (var type in new[] { "a", "b", "other", "a" })
            await outbox.PublishAsync(type, type);
        var (fast, slow) = (new Hearing("a"), new Hearing("b") { FailsOn = "b" });
        var upkeep = new OutboxUpkeep(outbox.Database, outbox.Store, [fast, slow], outbox.Clock, NullLogger<OutboxUpkeep>.Instance);
        await outbox.Feed(fast).DeliverAsync(default);
        outbox.Clock.Ahead = TimeSpan.FromHours(23);
        Assert.Equal(0, await upkeep.TrimAsync(default));

        outbox.Clock.Ahead = TimeSpan.FromHours(25);
        Assert.Equal(0, await upkeep.TrimAsync(default));
        slow.FailsOn = "";
        await outbox.Feed(slow).DeliverAsync(default);
        await outbox.PublishAsync("b", "young");
        Assert.Equal(4, await upkeep.TrimAsync(default));
        Assert.Equal(1, await outbox.CountAsync());
        await outbox.Feed(slow).DeliverAsync(default);
        Assert.Equal(["b", "young"], slow.Heard);
    }

    [Theory, EachDatabase]
    public async Task An_event_that_is_no_decision_leaves_the_ledger_alone_and_one_that_is_undone_is_heard_by_nobody(Engine engine)
    {
        await using var outbox = await Outbox.OpenAsync(engine);
        await outbox.PublishAsync("a", "told");
        await Assert.ThrowsAsync<InvalidOperationException>(() => outbox.Writes.RunAsync<bool>(Local, async change =>
        {
            await change.PublishAsync("a", "undone", new { });
            throw new InvalidOperationException("undone");
        }, default));
        await outbox.Writes.RunAsync(Local, change => change.RecordAsync("a", "decided", new { }), default);
        var hears = new Hearing("a");
        await outbox.Feed(hears).DeliverAsync(default);
        Assert.Equal(["told", "decided"], hears.Heard);
        Assert.Null(await new ReadLedger(outbox.Database).FirstBrokenAsync(default));
        Assert.Equal(["decided"], (await new ReadLedger(outbox.Database).HandleAsync(Local, null, 0, 10, default)).Select(e => e.Subject));
    }

    [Theory, EachDatabase]
    public async Task Parked_events_are_shown_and_can_be_handed_over_again(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        // A handoff whose version is not there: the subscriber refuses it each time.
        var database = server.Running.Services.GetRequiredService<BatonDatabase>();
        var store = server.Running.Services.GetRequiredService<OutboxStore>();
        var happened = new Event
        {
            Seq = 999,
            Id = "e",
            Type = "handoff.submitted",
            V = 1,
            Project = "default",
            Subject = "models/none",
            Actor = "a",
            Data = """{"handoff":"h","model":"none","versions":[1],"contract":"sha256:0"}""",
        };
        await database.WriteAsync(sql => store.ParkAsync(sql, ParkedEvent.Of("verification.start", happened, "it was refused", 1)));
        var listed = JsonNode.Parse(await server.Http.GetStringAsync("api/v1/events/parked"))!["parked"]!.AsArray();
        Assert.Equal("it was refused", Assert.Single(listed)!["error"]!.GetValue<string>());

        using var refused = await server.Http.PostAsync("api/v1/events/parked/verification.start/999/retry", null);
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.Contains("none", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var unknown = await server.Http.PostAsync("api/v1/events/parked/verification.start/998/retry", null);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);

        await database.WriteAsync(sql => store.ParkAsync(sql, ParkedEvent.Of("webhooks.queue", happened with { Data = "{}", Type = "alias.set" }, "it was refused", 1)));
        using var done = await server.Http.PostAsync("api/v1/events/parked/webhooks.queue/999/retry", null);
        Assert.Equal(HttpStatusCode.OK, done.StatusCode);
        Assert.Single(JsonNode.Parse(await server.Http.GetStringAsync("api/v1/events/parked"))!["parked"]!.AsArray());
    }

    private sealed class Hearing(params string[] types) : IEventSubscriber
    {
        public string Name => "test." + types[0];

        public IReadOnlyCollection<string> Types => types;

        public string FailsOn { get; set; } = "";

        public List<string> Heard { get; } = [];

        public int Failed { get; private set; }

        public Task HandleAsync(Event happened, CancellationToken cancellation)
        {
            Assert.Contains(happened.Type, types);
            if (happened.Subject == FailsOn)
            {
                Failed++;
                throw Refusal.Invalid($"it does not like {FailsOn}");
            }

            Heard.Add(happened.Subject);
            return Task.CompletedTask;
        }
    }

    private sealed class Outbox(TestDatabase made, BatonDatabase database) : IAsyncDisposable
    {
        public AheadClock Clock { get; } = new();

        public BatonDatabase Database => database;

        public OutboxStore Store { get; } = new();

        public Writes Writes => field ??= new Writes(database, new IdSource(Clock), Clock, new EventSignal());

        public static async Task<Outbox> OpenAsync(Engine engine)
        {
            var made = await TestDatabase.CreateAsync(engine);
            return new Outbox(made, await BatonDatabase.OpenAsync(made.Connection, TimeProvider.System));
        }

        public SubscriberFeed Feed(IEventSubscriber subscriber) => new(database, Store, subscriber, Clock, NullLogger.Instance);

        public Task PublishAsync(string type, string subject) => Writes.RunAsync(Local, async change =>
        {
            await change.PublishAsync(type, subject, new { });
            return true;
        }, default);

        public Task<long> CursorAsync(IEventSubscriber subscriber) => database.ReadAsync(
            sql => sql.ScalarAsync<long>("SELECT seq FROM event_cursors WHERE subscriber = @Name", new { subscriber.Name }));

        public Task<long> CountAsync() => database.ReadAsync(sql => sql.ScalarAsync<long>("SELECT COUNT(*) FROM outbox"));

        public Task<IReadOnlyList<ParkedEvent>> ParkedAsync() => database.ReadAsync(sql => Store.ListParkedAsync(sql, Caller.DefaultProject));

        public async ValueTask DisposeAsync()
        {
            await database.DisposeAsync();
            await made.DisposeAsync();
        }
    }
}
