using Baton.Storage.Tables;
using Microsoft.Extensions.Logging;

namespace Baton.Serving.Log;

/// <summary>Turns closed segments into Parquet files by endpoint and event day.</summary>
internal sealed partial class Sealer(Spool spool, ILogger<Sealer> log)
{
    /// <summary>Seals every closed segment. A segment goes only once all its files are on the disk, so that a kill loses none of its rows.</summary>
    /// <exception cref="IOException">The disk does not take them; the segments are still there.</exception>
    public async Task SealAsync(CancellationToken cancellation)
    {
        foreach (var segment in spool.ClosedSegments())
        {
            var bytes = await File.ReadAllBytesAsync(segment, cancellation);
            var rows = Frame.ReadAll(bytes, out var whole);
            if (whole < bytes.Length)
                LogCutShort(Path.GetFileName(segment), bytes.Length - whole);
            foreach (var part in rows.GroupBy(row => (row.Head.Project, row.Head.Endpoint, Day: DayOf(row.EventTime))))
            {
                var file = SealedFile.Of(Path.GetFileNameWithoutExtension(segment), part.Key.Project, part.Key.Endpoint, part.Key.Day);
                using var parquet = new MemoryStream();
                await ParquetFile.WriteAsync(parquet, ToTable([.. part]), cancellation);
                await spool.KeepAsync(file, parquet.GetBuffer().AsMemory(0, (int)parquet.Length), cancellation);
            }

            spool.Remove(segment);
        }
    }

    /// <summary>The UTC day of a time in µs since 1970.</summary>
    public static DateOnly DayOf(long micros) => DateOnly.FromDateTime(DateTime.UnixEpoch.AddTicks(micros * TimeSpan.TicksPerMicrosecond));

    private static Table ToTable(SpoolRow[] rows) => new(
    [
        new Column("prediction_id", Array.ConvertAll(rows, r => r.PredictionId)),
        new Column("endpoint", Array.ConvertAll(rows, r => r.Head.Endpoint)),
        new Column("arm", Array.ConvertAll(rows, r => r.Head.Arm)),
        new Column("version", Array.ConvertAll(rows, r => r.Head.Version)),
        new Column("manifest_digest", Array.ConvertAll(rows, r => r.Head.ManifestDigest)),
        new Column("event_time", Array.ConvertAll(rows, r => r.EventTime)),
        new Column("logged_at", Array.ConvertAll(rows, r => r.Head.LoggedAt)),
        new Column("inputs", Array.ConvertAll(rows, r => r.Inputs)),
        new Column("outputs", Array.ConvertAll(rows, r => r.Outputs)),
        // Marks of absence even where every row has a score: every file has the same schema.
        new Column("score", Array.ConvertAll(rows, r => r.Score ?? 0), Array.ConvertAll(rows, r => r.Score is null)),
        new Column("latency_us", Array.ConvertAll(rows, r => r.Head.LatencyUs)),
        new Column("propensity", Array.ConvertAll(rows, r => r.Head.Propensity)),
    ]);

    [LoggerMessage(2101, LogLevel.Warning, "The last {Bytes} bytes of segment {Segment} are no whole answer and are dropped: the node was killed while writing it")]
    private partial void LogCutShort(string segment, int bytes);
}
