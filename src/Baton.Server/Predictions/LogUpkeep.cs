using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Baton.Server.Predictions;

/// <summary>Seals labels and merges small files, again and again. What fails is tried again.</summary>
internal sealed partial class LogUpkeep(SealLabels seal, MergeFiles merge, TimeProvider time, ILogger<LogUpkeep> log) : BackgroundService
{
    private const int LabelsWaiting = 20_000;
    private const int FilesOfDay = 8;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LabelsRest = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await seal.HandleAsync(LabelsWaiting, LabelsRest, stoppingToken);
                await merge.HandleAsync(FilesOfDay, stoppingToken);
            }
            catch (MergeFiles.MergedMeanwhileException)
            {
                // The work is done.
            }
            catch (Exception failed) when (failed is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                LogFailed(log, failed);
            }
        }
    }

    [LoggerMessage(1801, LogLevel.Error, "The upkeep of the prediction log failed; it is tried again")]
    private static partial void LogFailed(ILogger log, Exception failed);
}
