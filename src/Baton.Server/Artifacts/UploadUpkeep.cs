using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Baton.Server.Artifacts;

/// <summary>Sweeps abandoned uploads every hour. What fails is tried again.</summary>
internal sealed partial class UploadUpkeep(SweepUploads sweep, TimeProvider time, ILogger<UploadUpkeep> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        do
        {
            try
            {
                await sweep.HandleAsync(stoppingToken);
            }
            catch (Exception failed) when (failed is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                LogFailed(log, failed);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(1901, LogLevel.Error, "Sweeping abandoned uploads failed; it is tried again")]
    private static partial void LogFailed(ILogger log, Exception failed);
}
