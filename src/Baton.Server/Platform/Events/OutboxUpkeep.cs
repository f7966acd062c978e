using Baton.Database;
using Baton.Server.Platform.Ids;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Baton.Server.Platform.Events;

/// <summary>Deletes events that every subscriber has heard of, a day after they happened. The ledger keeps the decisions.</summary>
internal sealed partial class OutboxUpkeep(
    BatonDatabase database, OutboxStore store, IEnumerable<IEventSubscriber> subscribers, TimeProvider time, ILogger<OutboxUpkeep> log) : BackgroundService
{
    /// <summary>How long a delivered event stays.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(1);

    private static readonly TimeSpan FirstAfter = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    /// <summary>Trims once; how many events went.</summary>
    public async Task<int> TrimAsync(CancellationToken cancellation)
    {
        foreach (var subscriber in subscribers)
            await new SubscriberFeed(database, store, subscriber, time, log).CatchUpAsync(cancellation);
        var names = subscribers.Select(s => s.Name).ToList();
        var before = (time.GetUtcNow() - Kept).ToMicros();
        var trimmed = 0;
        int last;
        do
        {
            last = await database.WriteAsync(sql => store.TrimAsync(sql, names, before), cancellation);
            trimmed += last;
        }
        while (last > 0);
        return trimmed;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Delay(FirstAfter, time, stoppingToken);
        using var timer = new PeriodicTimer(Every, time);
        do
        {
            try
            {
                await TrimAsync(stoppingToken);
            }
            catch (Exception failed) when (failed is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                LogFailed(log, failed);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(1105, LogLevel.Error, "Delivered events could not be trimmed; it is tried again in an hour")]
    private static partial void LogFailed(ILogger log, Exception failed);
}
