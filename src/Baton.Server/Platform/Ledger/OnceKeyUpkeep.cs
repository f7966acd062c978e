using Baton.Server.Platform.Access;
using Baton.Server.Platform.Ids;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Baton.Server.Platform.Ledger;

/// <summary>Forgets the keys whose retries have long ended.</summary>
internal sealed partial class OnceKeyUpkeep(Writes writes, TimeProvider time, ILogger<OnceKeyUpkeep> log) : BackgroundService
{
    /// <summary>How long a key is remembered.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(3);
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await ForgetAsync(stoppingToken);
            }
            catch (Exception failed) when (failed is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                LogFailed(log, failed);
            }
        }
    }

    public Task<int> ForgetAsync(CancellationToken cancellation) => writes.RunAsync(
        new Caller(Actor.Baton, Caller.DefaultProject),
        change => change.Sql.ExecuteAsync("DELETE FROM idempotency_keys WHERE at < @before", new { before = (time.GetUtcNow() - Kept).ToMicros() }),
        cancellation);

    [LoggerMessage(1004, LogLevel.Error, "Old idempotency keys could not be removed; it is tried again")]
    private static partial void LogFailed(ILogger log, Exception failed);
}
