using Baton.Database;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Baton.Server.Platform.Events;

/// <summary>Carries the outbox to the subscribers. A subscriber that fails holds up itself only, and is tried again.</summary>
internal sealed partial class EventDelivery(BatonDatabase database, IEnumerable<IEventSubscriber> subscribers, EventSignal signal, TimeProvider time, ILogger<EventDelivery> log)
    : BackgroundService
{
    /// <summary>Other control planes write to the same outbox and cannot wake this one.</summary>
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var next = signal.Next;
            var delivered = 0;
            foreach (var subscriber in subscribers)
                delivered += await DeliverAsync(subscriber, stoppingToken);
            if (delivered == 0)
                await Signal.WaitAsync(next, Poll, time, stoppingToken);
        }
    }

    private async Task<int> DeliverAsync(IEventSubscriber subscriber, CancellationToken cancellation)
    {
        try
        {
            var events = await database.ReadAsync(
                sql => sql.QueryAsync<Event>(
                    """
                    SELECT seq, id, type, v, project, subject, actor, at, data FROM outbox
                    WHERE seq > COALESCE((SELECT seq FROM event_cursors WHERE subscriber = @Name), 0) ORDER BY seq LIMIT 100
                    """,
                    new { subscriber.Name }),
                cancellation);
            foreach (var happened in events)
            {
                await subscriber.HandleAsync(happened, cancellation);
                await database.WriteAsync(
                    sql => sql.ExecuteAsync(
                        """
                        INSERT INTO event_cursors (subscriber, seq) VALUES (@Name, @Seq)
                        ON CONFLICT (subscriber) DO UPDATE SET seq = excluded.seq WHERE event_cursors.seq < excluded.seq
                        """,
                        new { subscriber.Name, happened.Seq }),
                    cancellation);
            }

            return events.Count;
        }
        catch (Exception failed) when (failed is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            LogFailed(log, failed, subscriber.Name);
            return 0;
        }
    }

    [LoggerMessage(1101, LogLevel.Error, "Subscriber {Subscriber} failed; it is tried again")]
    private static partial void LogFailed(ILogger log, Exception failed, string subscriber);
}
