using Baton.Client;
using Baton.Serving.Node;
using Microsoft.Extensions.Logging;

namespace Baton.Serving.Log;

/// <summary>Takes a sealed file to the control plane; returns once it is durable there.</summary>
internal delegate Task SendFile(SealedFile file, Stream parquet, CancellationToken cancellation);

/// <summary>Sends sealed files, oldest first, and removes each once the control plane has it.</summary>
internal sealed partial class Delivery(Spool spool, SendFile send, ServingMeter meter, TimeProvider time, ILogger<Delivery> log)
{
    private static readonly TimeSpan SendWithin = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan AgainAfter = TimeSpan.FromSeconds(30);

    private readonly Dictionary<string, long> _refusedAt = new(StringComparer.Ordinal);
    private bool _away;

    /// <summary>Sends what there is. A file that is refused does not hold up the others; it is kept and tried again.</summary>
    /// <returns>Whether nothing is left.</returns>
    public async Task<bool> SendAsync(CancellationToken cancellation)
    {
        var all = true;
        foreach (var path in spool.SealedFiles())
        {
            var file = SealedFile.Parse(path)!;
            if (_refusedAt.TryGetValue(file.Id, out var at) && time.GetElapsedTime(at) < AgainAfter)
            {
                all = false;
                continue;
            }

            try
            {
                await SendAsync(file, path, cancellation);
                spool.Remove(path);
                _refusedAt.Remove(file.Id);
                meter.CountFileSent();
                _away = false;
            }
            catch (ServerUnreachableException e)
            {
                if (!_away)
                    LogAway(e.Message);
                _away = true;
                return false;
            }
            catch (BatonApiException e)
            {
                all = false;
                if (_refusedAt.TryAdd(file.Id, time.GetTimestamp()))
                    LogRefused(file.Id, file.Endpoint, e.Message);
                _refusedAt[file.Id] = time.GetTimestamp();
            }
        }

        return all;
    }

    private async Task SendAsync(SealedFile file, string path, CancellationToken cancellation)
    {
        using var over = new CancellationTokenSource(SendWithin, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancellation);
        await using var parquet = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        await send(file, parquet, limit.Token);
    }

    [LoggerMessage(2102, LogLevel.Information, "Predictions wait on this disk: {Reason}")]
    private partial void LogAway(string reason);

    [LoggerMessage(2103, LogLevel.Warning, "The control plane refused predictions file {File} of {Endpoint}; it is kept and tried again: {Reason}")]
    private partial void LogRefused(string file, string endpoint, string reason);
}
