using System.Buffers.Binary;
using System.IO.Pipelines;

namespace Baton.Server.Runs.History;

/// <summary>
/// Points as columns of little-endian Float64 (docs/http-api/history.md): a header of 32 bytes, then blocks. A block is the number of its rows and
/// one run of numbers per column; one of no rows ends the answer, so that a cut one is seen.
/// </summary>
internal sealed class PointsFile(PipeWriter output)
{
    /// <summary>The content type of the form.</summary>
    public const string ContentType = "application/octet-stream";

    private const int HeaderLength = 32;
    private const uint Version = 1;
    private const int RawColumns = 3;
    private const int SampledColumns = 7;

    /// <summary>Writes a header of points as they were logged: step, time, value.</summary>
    public void BeginPoints(long of) => WriteHeader(RawColumns, isSampled: false, of, 0);

    public async Task WriteAsync(PointBlock block, CancellationToken cancellation)
    {
        WriteColumns(block);
        await output.FlushAsync(cancellation);
    }

    /// <summary>Writes the whole of a down-sampled answer: step, last step, time, last time, min, max, points.</summary>
    public async Task WriteAsync(SampledSeries series, CancellationToken cancellation)
    {
        WriteHeader(SampledColumns, isSampled: true, series.Of, series.Width);
        var buckets = series.Buckets;
        WriteNumber(buckets.Count);
        foreach (var column in (ReadOnlySpan<Func<SampledBucket, double>>)
                 [
                     b => b.FirstStep, b => b.LastStep, b => b.FirstAt / 1000.0, b => b.LastAt / 1000.0,
                     b => b.Least ?? double.NaN, b => b.Greatest ?? double.NaN, b => b.Points,
                 ])
        {
            foreach (var bucket in buckets)
                WriteNumber(column(bucket));
        }

        if (buckets.Count > 0)
            WriteNumber(0);
        await output.FlushAsync(cancellation);
    }

    /// <summary>Writes the block of no rows.</summary>
    public async Task EndAsync(CancellationToken cancellation)
    {
        WriteNumber(0);
        await output.FlushAsync(cancellation);
    }

    private void WriteHeader(int columns, bool isSampled, long of, double width)
    {
        var header = output.GetSpan(HeaderLength);
        "BTNP"u8.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], Version);
        BinaryPrimitives.WriteUInt32LittleEndian(header[8..], (uint)columns);
        BinaryPrimitives.WriteUInt32LittleEndian(header[12..], isSampled ? 1u : 0u);
        BinaryPrimitives.WriteDoubleLittleEndian(header[16..], of);
        BinaryPrimitives.WriteDoubleLittleEndian(header[24..], width);
        output.Advance(HeaderLength);
    }

    private void WriteColumns(PointBlock block)
    {
        WriteNumber(block.Count);
        var room = output.GetSpan(block.Count * RawColumns * sizeof(double));
        var steps = room;
        var times = room[(block.Count * sizeof(double))..];
        var values = times[(block.Count * sizeof(double))..];
        for (var i = 0; i < block.Count; i++)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(steps[(i * sizeof(double))..], block.Steps[i].Real);
            BinaryPrimitives.WriteDoubleLittleEndian(times[(i * sizeof(double))..], block.Ats[i] / 1000.0);
            BinaryPrimitives.WriteDoubleLittleEndian(values[(i * sizeof(double))..], block.Values[i]);
        }

        output.Advance(block.Count * RawColumns * sizeof(double));
    }

    private void WriteNumber(double number)
    {
        BinaryPrimitives.WriteDoubleLittleEndian(output.GetSpan(sizeof(double)), number);
        output.Advance(sizeof(double));
    }
}
