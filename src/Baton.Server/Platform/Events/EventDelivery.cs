using Baton.Database;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Baton.Server.Platform.Events;

/// <summary>Carries the outbox to the subscribers, to each at its own pace: one that is slow or fails holds up itself only.</summary>
internal sealed partial class EventDelivery(
    BatonDatabase database, OutboxStore store, IEnumerable<IEventSubscriber> subscribers, EventSignal signal, TimeProvider time, ILogger<EventDelivery> log)
    : BackgroundService
{
    /// <summary>Other control planes write to the same outbox and cannot wake this one.</summary>
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(subscribers.Select(s => FeedAsync(new SubscriberFeed(database, store, s, time, log), s.Name, stoppingToken)));

    private async Task FeedAsync(SubscriberFeed feed, string subscriber, CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            var next = signal.Next;
            var delivered = false;
            try
            {
                delivered = await feed.DeliverAsync(cancellation);
            }
            catch (Exception failed) when (failed is not OperationCanceledException || !cancellation.IsCancellationRequested)
            {
                LogBroken(log, failed, subscriber);
            }

            if (!delivered)
                await Signal.WaitAsync(next, Poll, time, cancellation);
        }
    }

    [LoggerMessage(1104, LogLevel.Error, "Events do not reach subscriber {Subscriber}; it is tried again")]
    private static partial void LogBroken(ILogger log, Exception failed, string subscriber);
}
