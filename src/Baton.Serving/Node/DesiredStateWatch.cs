using System.Text.Json;
using Baton.Client;
using Microsoft.Extensions.Logging;

namespace Baton.Serving.Node;

/// <summary>
/// Learns from the control plane what to serve, and has it taken up. While the control plane is away the node serves on what it knows, which is
/// on disk too; a newer wish does not wait for an older one that is still being downloaded.
/// </summary>
internal sealed partial class DesiredStateWatch(
    BatonClient controlPlane, Uptake uptake, NodeStateFile file, TimeSpan wait, TimeProvider time, ILogger<DesiredStateWatch> log)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private DesiredState? _wish;
    private CancellationTokenSource _newer = new();

    /// <summary>Serves what is on disk, then follows the control plane until cancelled.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        if (await file.ReadAsync(stop) is { } kept)
        {
            LogFromDisk(kept.Desired.Endpoints.Count, kept.Desired.Generation);
            await uptake.RestoreAsync(kept, stop);
            _wish = kept.Desired;
        }

        await Task.WhenAll(FollowAsync(stop), TakeUpAsync(stop));
    }

    private async Task FollowAsync(CancellationToken stop)
    {
        // Not what the disk says: a control plane with other data may be at the same generation.
        long? known = null;
        var (pause, away) = (FirstPause, false);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var next = await controlPlane.WaitForDesiredStateAsync(known, wait, stop);
                if (away)
                    LogBack(controlPlane.Server);
                (away, pause) = (false, FirstPause);
                if (known != next.Generation)
                    Wish(next);
                known = next.Generation;
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is ServerUnreachableException or BatonApiException)
            {
                if (!away)
                    LogAway(e.Message);
                away = true;
                await Task.Delay(pause, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
    }

    private void Wish(DesiredState next)
    {
        CancellationTokenSource older;
        lock (_gate)
        {
            if (_wish is not null && JsonSerializer.Serialize(_wish, WireJson.Options) == JsonSerializer.Serialize(next, WireJson.Options))
                return;
            (_wish, older, _newer) = (next, _newer, new CancellationTokenSource());
        }

        // Outside the lock: what waits for it goes on in this call.
        older.Cancel();
    }

    private async Task TakeUpAsync(CancellationToken stop)
    {
        var retry = FirstRetry;
        while (!stop.IsCancellationRequested)
        {
            var (wish, newer) = Current();
            using var given = CancellationTokenSource.CreateLinkedTokenSource(newer, stop);
            try
            {
                var complete = wish is null || await uptake.TakeUpAsync(wish, given.Token);
                await Task.Delay(complete ? Timeout.InfiniteTimeSpan : retry, time, given.Token);
                retry = retry * 2 < LongestRetry ? retry * 2 : LongestRetry;
            }
            catch (OperationCanceledException) when (given.IsCancellationRequested)
            {
                retry = FirstRetry;
            }
        }
    }

    private (DesiredState? Wish, CancellationToken Newer) Current()
    {
        lock (_gate)
            return (_wish, _newer.Token);
    }

    [LoggerMessage(2001, LogLevel.Information, "Serving {Endpoints} endpoints as known on this disk (generation {Generation})")]
    private partial void LogFromDisk(int endpoints, long generation);

    [LoggerMessage(2002, LogLevel.Information, "The control plane does not tell what to serve; serving on what is known: {Reason}")]
    private partial void LogAway(string reason);

    [LoggerMessage(2003, LogLevel.Information, "The control plane {Server} answers again")]
    private partial void LogBack(Uri server);
}
