using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Baton.Serving.Node;

/// <summary>The node's own figures: scraped at <c>/metrics</c>, and told to the control plane with each status.</summary>
internal sealed class ServingMeter : IDisposable
{
    /// <summary>Name of the meter.</summary>
    public const string Name = "Baton.Serving";

    private readonly Meter _meter = new(Name);
    private readonly ConcurrentDictionary<string, long> _dropped = new(StringComparer.Ordinal);
    private readonly Counter<long> _predictionCounter;
    private readonly Counter<long> _droppedCounter;
    private readonly Counter<long> _fileCounter;
    private long _predictions;
    private long _files;
    private long _spoolBytes;

    public ServingMeter()
    {
        _predictionCounter = _meter.CreateCounter<long>("baton.serving.predictions", "{row}", "Rows that were answered.");
        _droppedCounter = _meter.CreateCounter<long>("baton.serving.log_dropped", "{row}", "Rows of the prediction log that were dropped, by reason.");
        _fileCounter = _meter.CreateCounter<long>("baton.serving.log_files_sent", "{file}", "Files of the prediction log that the control plane has taken.");
        _meter.CreateObservableGauge("baton.serving.spool", () => SpoolBytes, "By", "Bytes of the prediction log on this disk that are still to be sent.");
    }

    /// <summary>Bytes of the prediction log that are still to be sent.</summary>
    public long SpoolBytes => Interlocked.Read(ref _spoolBytes);

    /// <summary>Rows that were answered.</summary>
    public void CountPredictions(int rows)
    {
        Interlocked.Add(ref _predictions, rows);
        _predictionCounter.Add(rows);
    }

    /// <summary>Rows that did not get into the log.</summary>
    /// <param name="rows">How many.</param>
    /// <param name="reason"><c>queue_full</c>, <c>spool_full</c>, <c>write_failed</c>, <c>strange_row</c>, <c>unwritable</c> or <c>stopped</c>.</param>
    public void CountDropped(int rows, string reason)
    {
        _dropped.AddOrUpdate(reason, rows, (_, sum) => sum + rows);
        _droppedCounter.Add(rows, new KeyValuePair<string, object?>("reason", reason));
    }

    /// <summary>A file that the control plane has taken.</summary>
    public void CountFileSent()
    {
        Interlocked.Increment(ref _files);
        _fileCounter.Add(1);
    }

    /// <summary>The spool grew, or shrank.</summary>
    public void ChangeSpool(long bytes) => Interlocked.Add(ref _spoolBytes, bytes);

    /// <summary>All figures by name.</summary>
    public IReadOnlyDictionary<string, long> Read()
    {
        var figures = new SortedDictionary<string, long>(StringComparer.Ordinal)
        {
            ["predictions"] = Interlocked.Read(ref _predictions),
            ["log_files_sent"] = Interlocked.Read(ref _files),
            ["spool_bytes"] = SpoolBytes,
        };
        foreach (var (reason, rows) in _dropped)
            figures[$"log_dropped_{reason}"] = rows;
        return figures;
    }

    public void Dispose() => _meter.Dispose();
}
