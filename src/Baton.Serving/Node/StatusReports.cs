using Baton.Client;
using Microsoft.Extensions.Logging;

namespace Baton.Serving.Node;

/// <summary>Tells the control plane how this node stands: after each change, and every so often.</summary>
internal sealed partial class StatusReports(
    BatonClient controlPlane, Func<NodeStatus> read, TimeSpan every, TimeProvider time, ILogger<StatusReports> log)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    /// <summary>Reports until cancelled. A control plane that is away hears it when it is back.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        IReadOnlyList<EndpointReport>? told = null;
        var (toldAt, refused) = (time.GetTimestamp(), false);
        while (!stop.IsCancellationRequested)
        {
            var status = read();
            if (told is null || !told.SequenceEqual(status.Endpoints) || time.GetElapsedTime(toldAt) >= every)
            {
                try
                {
                    await controlPlane.ReportServingAsync(status, stop);
                    (told, toldAt, refused) = (status.Endpoints, time.GetTimestamp(), false);
                }
                catch (Exception e) when (e is ServerUnreachableException or BatonApiException or OperationCanceledException)
                {
                    if (e is BatonApiException && !refused)
                        LogRefused(e.Message);
                    refused |= e is BatonApiException;
                }
            }

            await Task.Delay(Look, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(2006, LogLevel.Warning, "The control plane refuses this node's status: {Reason}")]
    private partial void LogRefused(string reason);
}
