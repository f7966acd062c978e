using Baton.Database;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Ids;
using Microsoft.Extensions.Logging;

namespace Baton.Server.Platform.Events;

/// <summary>
/// Carries the outbox to one subscriber. Its place is committed once for a batch. An event it fails on is tried again after longer and longer
/// waits, and parked after <see cref="MaxAttempts"/>.
/// </summary>
internal sealed partial class SubscriberFeed(BatonDatabase database, OutboxStore store, IEventSubscriber subscriber, TimeProvider time, ILogger log)
{
    public const int MaxAttempts = 8;

    private const int BatchSize = 100;

    /// <summary>Events nobody of these types takes do not each move the cursor, only so many of them.</summary>
    private const int SkippedAtOnce = 1000;

    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60);

    private long _failing;
    private int _attempts;
    private DateTimeOffset _notBefore;

    /// <summary>Delivers what there is; whether anything was.</summary>
    public async Task<bool> DeliverAsync(CancellationToken cancellation)
    {
        if (time.GetUtcNow() < _notBefore)
            return false;
        try
        {
            var batch = await database.ReadAsync(sql => store.NextAsync(sql, subscriber, BatchSize), cancellation);
            var handled = batch.Cursor ?? 0;
            var whole = true;
            foreach (var happened in batch.Events)
            {
                if (!await HandleAsync(happened, cancellation))
                {
                    whole = false;
                    break;
                }

                handled = happened.Seq;
            }

            // Behind the last event of its types there is nothing for it up to the head.
            if (whole && batch.Events.Count < BatchSize)
                handled = batch.Head;
            var moved = batch.Cursor is null || batch.Events.Count > 0 || handled - batch.Cursor >= SkippedAtOnce;
            if (moved && handled > (batch.Cursor ?? -1))
                await database.WriteAsync(sql => store.MoveAsync(sql, subscriber.Name, handled), cancellation);
            return whole && batch.Events.Count > 0;
        }
        catch (DatabaseUnavailableException failed)
        {
            LogUnavailable(log, failed, subscriber.Name);
            return false;
        }
    }

    /// <summary>Moves the subscriber to the head over what is not for it, so that the outbox can be trimmed.</summary>
    public async Task CatchUpAsync(CancellationToken cancellation)
    {
        var batch = await database.ReadAsync(sql => store.NextAsync(sql, subscriber, 1), cancellation);
        if (batch.Events.Count == 0 && batch.Head > (batch.Cursor ?? -1))
            await database.WriteAsync(sql => store.MoveAsync(sql, subscriber.Name, batch.Head), cancellation);
    }

    /// <summary>Whether the event is done with: handled, or parked.</summary>
    private async Task<bool> HandleAsync(Event happened, CancellationToken cancellation)
    {
        try
        {
            await subscriber.HandleAsync(happened, cancellation);
            return true;
        }
        catch (Exception failed) when (failed is not DatabaseUnavailableException && !(failed is OperationCanceledException && cancellation.IsCancellationRequested))
        {
            _attempts = _failing == happened.Seq ? _attempts + 1 : 1;
            _failing = happened.Seq;
            if (_attempts < MaxAttempts)
            {
                LogFailed(log, failed, subscriber.Name, happened.Seq, happened.Type, _attempts);
                _notBefore = time.GetUtcNow() + TimeSpan.FromTicks(Math.Min(LongestWait.Ticks, FirstWait.Ticks << (_attempts - 1)));
                return false;
            }

            LogParked(log, failed, subscriber.Name, happened.Seq, happened.Type, _attempts);
            await database.WriteAsync(
                sql => store.ParkAsync(sql, ParkedEvent.Of(subscriber.Name, happened, Spoken(failed), time.Micros())), cancellation);
            return true;
        }
    }

    /// <summary>Only a refusal was written for people; of anything else the log has the details.</summary>
    internal static string Spoken(Exception failed) => failed is Refusal ? failed.Message : $"{failed.GetType().Name}; the server's log has the details";

    [LoggerMessage(1101, LogLevel.Error, "Subscriber {Subscriber} failed on event {Seq} ({Type}), attempt {Attempt}; it is tried again")]
    private static partial void LogFailed(ILogger log, Exception failed, string subscriber, long seq, string type, int attempt);

    [LoggerMessage(1102, LogLevel.Error, "Subscriber {Subscriber} failed on event {Seq} ({Type}) {Attempts} times: it is parked, and the later events follow. See GET /api/v1/events/parked")]
    private static partial void LogParked(ILogger log, Exception failed, string subscriber, long seq, string type, int attempts);

    [LoggerMessage(1103, LogLevel.Warning, "The database does not answer; subscriber {Subscriber} waits")]
    private static partial void LogUnavailable(ILogger log, Exception failed, string subscriber);
}
