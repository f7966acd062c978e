using System.Threading.Channels;
using Baton.Serving.Models;
using Baton.Serving.Node;
using Microsoft.Extensions.Logging;

namespace Baton.Serving.Log;

/// <summary>
/// The prediction log of a node, off the request path: a bounded queue, one writer that appends rows to a spool on disk, one forwarder that seals
/// the spool into Parquet and sends it. Where queue or spool are full, rows are dropped and counted; a request never waits for its log.
/// What the writer has handed to the operating system survives the end of the process; the rest is what came within about a tenth of a second.
/// </summary>
internal sealed partial class PredictionLog : IPredictionSink, IAsyncDisposable
{
    private const int WriteAt = 64 * 1024;
    private const int FrameRows = 4096;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly PredictionLogOptions _options;
    private readonly TimeProvider _time;
    private readonly ServingMeter _meter;
    private readonly ILogger _log;
    private readonly Spool _spool;
    private readonly Sealer _sealer;
    private readonly Delivery _delivery;
    private readonly Channel<PredictionBatch?> _queue = Channel.CreateUnbounded<PredictionBatch?>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Channel<bool> _closed = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource _stop = new();
    private readonly BatchRows _rows = new();
    private readonly MemoryStream _frames = new();
    private readonly ITimer _clock;
    private readonly Task _writing;
    private readonly Task _forwarding;
    private int _framedRows;
    private int _queuedRows;
    private long _queuedBytes;

    /// <summary>A log on its folder. What an earlier one left there is sealed and sent first.</summary>
    public PredictionLog(PredictionLogOptions options, SendFile send, ServingMeter meter, TimeProvider time, ILoggerFactory logs)
    {
        _options = options;
        _time = time;
        _meter = meter;
        _log = logs.CreateLogger<PredictionLog>();
        _spool = new Spool(options.Folder, time, meter);
        _sealer = new Sealer(_spool, logs.CreateLogger<Sealer>());
        _delivery = new Delivery(_spool, send, meter, time, logs.CreateLogger<Delivery>());
        _writing = Task.Run(WriteAsync);
        _forwarding = Task.Run(ForwardAsync);
        // An empty place in the queue lets the writer look at the clock when no rows come.
        var tick = options.SealAfter / 4;
        _clock = time.CreateTimer(_ => _queue.Writer.TryWrite(null), null, tick, tick);
    }

    /// <inheritdoc />
    public bool TryAppend(PredictionBatch batch)
    {
        var rows = batch.Ids.Length;
        _meter.CountPredictions(rows);
        if (_meter.SpoolBytes >= _options.SpoolBytes)
            return Drop(rows, "spool_full");
        var waitingRows = Interlocked.Add(ref _queuedRows, rows);
        var waitingBytes = Interlocked.Add(ref _queuedBytes, BatchRows.SizeOf(batch));
        var full = waitingRows > _options.QueueRows || waitingBytes > _options.QueueBytes;
        if (!full && _queue.Writer.TryWrite(batch))
            return true;
        Release(batch);
        return Drop(rows, full ? "queue_full" : "stopped");
    }

    /// <summary>Writes what is queued, seals it, and sends what can be sent in a short time; the rest goes out after the next start.</summary>
    public async ValueTask DisposeAsync()
    {
        await _clock.DisposeAsync();
        _queue.Writer.TryComplete();
        await _writing;
        _stop.CancelAfter(_options.SendAtEndWithin);
        _closed.Writer.TryComplete();
        await _forwarding;
        _spool.Dispose();
        _rows.Dispose();
        _stop.Dispose();
    }

    private bool Drop(int rows, string reason)
    {
        _meter.CountDropped(rows, reason);
        return false;
    }

    private void Release(PredictionBatch batch)
    {
        Interlocked.Add(ref _queuedRows, -batch.Ids.Length);
        Interlocked.Add(ref _queuedBytes, -BatchRows.SizeOf(batch));
    }

    private async Task WriteAsync()
    {
        var reader = _queue.Reader;
        while (await reader.WaitToReadAsync())
        {
            while (reader.TryRead(out var batch))
            {
                if (batch is not null)
                    Take(batch);
            }

            Append();
            CloseIfDue();
        }

        Append();
        _spool.Close();
    }

    private void Take(PredictionBatch batch)
    {
        var head = BatchRows.HeadOf(batch);
        for (var start = 0; start < batch.Ids.Length; start += FrameRows)
        {
            Take(batch, head, start, Math.Min(start + FrameRows, batch.Ids.Length));
            if (_frames.Length >= WriteAt)
                Append();
            CloseIfDue();
        }

        Release(batch);
    }

    private void Take(PredictionBatch batch, SpoolHead head, int start, int end)
    {
        var before = _frames.Length;
        try
        {
            var rows = _rows.Of(batch, head, start, end, out var strange);
            if (strange > 0)
                _meter.CountDropped(strange, "strange_row");
            Frame.Write(_frames, head, rows);
            _framedRows += rows.Count;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Rows that cannot be written down must not end the log of all others.
            _frames.SetLength(before);
            _frames.Position = before;
            _meter.CountDropped(end - start, "unwritable");
            LogUnwritable(e, batch.Endpoint);
        }
    }

    private void Append()
    {
        if (_frames.Length == 0)
            return;
        try
        {
            _spool.Append(_frames.GetBuffer().AsSpan(0, (int)_frames.Length), _framedRows);
        }
        catch (IOException e)
        {
            _meter.CountDropped(_framedRows, "write_failed");
            LogWriteFailed(e.Message, _framedRows);
            _closed.Writer.TryWrite(true);
        }

        _frames.SetLength(0);
        _framedRows = 0;
    }

    private void CloseIfDue()
    {
        if (_spool.Rows + _framedRows < _options.SealRows && _spool.Size + _frames.Length < _options.SealBytes && _spool.Age < _options.SealAfter)
            return;
        Append();
        _spool.Close();
        _closed.Writer.TryWrite(true);
    }

    private async Task ForwardAsync()
    {
        var pause = FirstPause;
        var more = true;
        while (more)
        {
            if (await TryForwardAsync())
            {
                pause = FirstPause;
                more = await _closed.Reader.WaitToReadAsync();
            }
            else
            {
                more = await WaitAsync(pause);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }

            while (_closed.Reader.TryRead(out _))
            {
            }
        }

        await TryForwardAsync();
    }

    private async Task<bool> TryForwardAsync()
    {
        try
        {
            await _sealer.SealAsync(CancellationToken.None);
            return await _delivery.SendAsync(_stop.Token);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogSealFailed(e.Message);
            return false;
        }
    }

    /// <summary>Waits for a closed segment, but no longer than a pause; false where the log ends.</summary>
    private async Task<bool> WaitAsync(TimeSpan pause)
    {
        using var over = new CancellationTokenSource(pause, _time);
        try
        {
            return await _closed.Reader.WaitToReadAsync(over.Token);
        }
        catch (OperationCanceledException)
        {
            return true;
        }
    }

    [LoggerMessage(2104, LogLevel.Error, "Predictions of {Endpoint} cannot be written down and are dropped")]
    private partial void LogUnwritable(Exception e, string endpoint);

    [LoggerMessage(2105, LogLevel.Error, "{Rows} rows of the prediction log are dropped: {Reason}")]
    private partial void LogWriteFailed(string reason, int rows);

    [LoggerMessage(2106, LogLevel.Error, "The prediction log cannot be sealed, and is tried again: {Reason}")]
    private partial void LogSealFailed(string reason);
}
