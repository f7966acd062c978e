using System.Collections.Concurrent;
using System.Net;
using Baton.Client;
using Baton.Serving.Log;
using Baton.Serving.Models;
using Baton.Serving.Node;
using Baton.Storage.Tables;
using Baton.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Baton.UnitTests.Serving.Log;

public sealed class PredictionLogTests : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    private readonly TempDirectory _folder = new();
    private readonly ServingMeter _meter = new();
    private readonly ConcurrentDictionary<SealedFile, Table> _arrived = new();
    private volatile Func<SealedFile, Exception?> _refusal = _ => null;
    private int _attempts;

    public void Dispose()
    {
        _meter.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Rows_arrive_as_Parquet_with_every_column()
    {
        await using var log = Start();

        Assert.True(log.TryAppend(SampleBatches.Of(3)));
        await Wait.UntilAsync(() => _arrived.Count == 1, Soon);

        var (file, table) = Assert.Single(_arrived);
        Assert.Equal(("default", "flight-delay", new DateOnly(2001, 2, 15)), (file.Project, file.Endpoint, file.Day));
        Assert.Equal(
            [
                "prediction_id string", "endpoint string", "arm string", "version string", "manifest_digest string", "event_time int64", "logged_at int64",
                "inputs string", "outputs string", "score double", "latency_us int64", "propensity double",
            ],
            table.Columns.Select(c => c.ToString()));
        Assert.Equal(
            [
                "p-1", "flight-delay", "champion", "3", "sha256:" + new string('a', 64), SampleBatches.Noon + 1_000_000, SampleBatches.Noon + 5,
                """{"origin":"A1","distance":1.5}""", """{"probabilities":[0.002,0.003]}""", 0.01, 1234L, 1d,
            ],
            table.Columns.Select(c => c.Values.GetValue(1)!));
        await Wait.UntilAsync(() => _meter.Read()["log_files_sent"] == 1, Soon);
        Assert.Equal((3, 0), (_meter.Read()["predictions"], _meter.SpoolBytes));
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public async Task Rows_without_a_score_have_none()
    {
        await using var log = Start();

        log.TryAppend(SampleBatches.Of(2) with { Scores = null });
        await Wait.UntilAsync(() => _arrived.Count == 1, Soon);

        Assert.Equal([true, true], Assert.Single(_arrived).Value["score"].Nulls!);
    }

    [Fact]
    public async Task Every_event_day_and_endpoint_has_a_file_of_its_own()
    {
        await using (var log = Start(o => o with { SealAfter = TimeSpan.FromHours(1) }))
        {
            log.TryAppend(SampleBatches.Of(2, start: SampleBatches.Noon + SampleBatches.Day / 2 - 1_000_000));
            log.TryAppend(SampleBatches.Of(2, "q") with { Endpoint = "other" });
            log.TryAppend(SampleBatches.Of(1, "old", start: -1));
        }

        Assert.Equal(
            ["flight-delay 1969-12-31: old-0", "flight-delay 2001-02-15: p-0", "flight-delay 2001-02-16: p-1", "other 2001-02-15: q-0 q-1"],
            _arrived.Select(a => $"{a.Key.Endpoint} {a.Key.Day:yyyy-MM-dd}: {string.Join(' ', IdsOf(a.Value))}").Order());
    }

    [Fact]
    public async Task Many_rows_are_sealed_before_their_time()
    {
        await using var log = Start(o => o with { SealAfter = TimeSpan.FromHours(1), SealRows = 1000 });

        for (var i = 0; i < 5; i++)
            log.TryAppend(SampleBatches.Of(450, $"b{i}"));
        await Wait.UntilAsync(() => _arrived.Values.Sum(t => t.Rows) == 1350, Soon);
        log.TryAppend(SampleBatches.Of(10_000, "large"));
        await Wait.UntilAsync(() => _arrived.Values.Sum(t => t.Rows) >= 9000, Soon);

        Assert.All(_arrived.Values, table => Assert.InRange(table.Rows, 1000, 6000));
    }

    [Fact]
    public async Task A_control_plane_that_is_away_is_waited_for()
    {
        _refusal = _ => new ServerUnreachableException(new Uri("http://away/"), new HttpRequestException("refused"));
        await using var log = Start();

        log.TryAppend(SampleBatches.Of(3));
        await Wait.UntilAsync(() => _attempts >= 2, Soon);
        Assert.True(_meter.SpoolBytes > 0);
        _refusal = _ => null;
        await Wait.UntilAsync(() => _arrived.Count == 1, Soon);

        Assert.Equal(3, Assert.Single(_arrived).Value.Rows);
    }

    [Fact]
    public async Task A_refused_file_is_kept_and_holds_up_no_other()
    {
        _refusal = file => file.Endpoint == "gone" ? new BatonApiException(HttpStatusCode.NotFound, "not_found", "There is no endpoint 'gone'.") : null;
        await using var log = Start();

        log.TryAppend(SampleBatches.Of(1) with { Endpoint = "gone" });
        await Wait.UntilAsync(() => _attempts >= 1, Soon);
        log.TryAppend(SampleBatches.Of(1));
        await Wait.UntilAsync(() => _arrived.Count == 1, Soon);

        Assert.Equal("flight-delay", Assert.Single(_arrived).Key.Endpoint);
        Assert.Equal("gone", SealedFile.Parse(Assert.Single(Directory.GetFiles(_folder.Path)))!.Endpoint);
    }

    [Fact]
    public async Task Rows_beyond_the_queue_are_dropped_and_counted()
    {
        await using var log = Start(o => o with { QueueRows = 100 });

        Assert.False(log.TryAppend(SampleBatches.Of(101)));
        Assert.True(log.TryAppend(SampleBatches.Of(100)));
        await Wait.UntilAsync(() => _arrived.Count == 1, Soon);

        Assert.Equal((201, 101), (_meter.Read()["predictions"], _meter.Read()["log_dropped_queue_full"]));
    }

    [Fact]
    public async Task Large_tensors_count_towards_the_queue()
    {
        await using var log = Start(o => o with { QueueBytes = 10_000 });

        Assert.False(log.TryAppend(SampleBatches.Of(200)));
        Assert.True(log.TryAppend(SampleBatches.Of(20)));
        Assert.Equal(200, _meter.Read()["log_dropped_queue_full"]);
    }

    [Fact]
    public async Task A_full_spool_drops_and_never_blocks_and_takes_rows_again_when_it_is_sent()
    {
        _refusal = _ => new ServerUnreachableException(new Uri("http://away/"), new HttpRequestException("refused"));
        await using var log = Start(o => o with { SpoolBytes = 20_000, SealAfter = TimeSpan.FromMilliseconds(100) });
        var taken = 0;
        await Wait.UntilAsync(() =>
        {
            var accepted = log.TryAppend(SampleBatches.Of(100, $"b{taken}"));
            taken += accepted ? 1 : 0;
            return !accepted;
        }, Soon);

        Assert.True(_meter.Read()["log_dropped_spool_full"] >= 100);
        Assert.True(Directory.GetFiles(_folder.Path).Sum(f => new FileInfo(f).Length) < 200_000);
        _refusal = _ => null;
        await Wait.UntilAsync(() => _arrived.Values.Sum(t => t.Rows) == taken * 100, Soon);
        Assert.True(log.TryAppend(SampleBatches.Of(1)));
    }

    [Fact]
    public async Task What_is_in_the_spool_at_the_end_is_sent_or_goes_out_after_the_next_start()
    {
        _refusal = _ => new ServerUnreachableException(new Uri("http://away/"), new HttpRequestException("refused"));
        await using (var log = Start())
            log.TryAppend(SampleBatches.Of(7));
        Assert.Empty(_arrived);
        _refusal = _ => null;

        await using (Start())
            await Wait.UntilAsync(() => _arrived.Count == 1, Soon);

        Assert.Equal(7, Assert.Single(_arrived).Value.Rows);
    }

    [Fact]
    public async Task A_killed_writers_segment_is_sealed_and_sent_without_its_torn_end()
    {
        var segment = Segment("one", "two", "three");
        File.WriteAllBytes(_folder.File("01900000000070008000000000000001.rows"), segment[..^3]);

        await using var log = Start();
        await Wait.UntilAsync(() => _arrived.Count == 1, Soon);

        Assert.Equal(["one-0", "one-1", "two-0", "two-1"], IdsOf(Assert.Single(_arrived).Value));
    }

    // Killed after its files were sealed, before the segment was removed: the same files come again, under the same ids.
    [Fact]
    public async Task Rows_that_are_sealed_twice_arrive_once()
    {
        const string name = "01900000000070008000000000000001.rows";
        File.WriteAllBytes(_folder.File(name), Segment("one"));
        await using (Start())
            await Wait.UntilAsync(() => _arrived.Count == 1 && Directory.GetFiles(_folder.Path).Length == 0, Soon);
        var first = Assert.Single(_arrived).Key;
        _arrived.Clear();
        File.WriteAllBytes(_folder.File(name), Segment("one"));

        await using (Start())
            await Wait.UntilAsync(() => _arrived.Count == 1, Soon);

        Assert.Equal(first, Assert.Single(_arrived).Key);
    }

    [Fact]
    public async Task Half_written_files_of_a_killed_sealer_are_removed()
    {
        File.WriteAllBytes(_folder.File("x.parquet.0011.partial"), [1, 2, 3]);

        await using var log = Start();

        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public async Task Only_the_sample_is_kept_and_named_inputs_are_not_written()
    {
        await using (var log = Start())
            log.TryAppend(SampleBatches.Of(1000, logging: new LoggingPolicy(0.2, ["origin"])));

        var table = Assert.Single(_arrived).Value;
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => $"p-{i}").Where(id => Sampling.Keeps(id, 0.2)), IdsOf(table));
        Assert.All((string[])table["inputs"].Values, inputs => Assert.StartsWith("""{"origin":null,"distance":""", inputs, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_row_of_no_calendars_time_or_without_id_is_dropped_and_counted_and_the_others_stay()
    {
        var batch = SampleBatches.Of(3);
        batch.EventTimes[1] = long.MaxValue;
        batch.Ids[2] = "";
        await using (var log = Start())
            log.TryAppend(batch);

        Assert.Equal(["p-0"], IdsOf(Assert.Single(_arrived).Value));
        Assert.Equal(2, _meter.Read()["log_dropped_strange_row"]);
    }

    [Fact]
    public async Task After_its_end_rows_are_dropped_and_counted()
    {
        var log = Start();
        await log.DisposeAsync();

        Assert.False(log.TryAppend(SampleBatches.Of(4)));
        Assert.Equal(4, _meter.Read()["log_dropped_stopped"]);
    }

    [Fact]
    public async Task Many_callers_at_once_lose_nothing()
    {
        await using (var log = Start())
        {
            await Parallel.ForEachAsync(Enumerable.Range(0, 400), async (i, _) =>
            {
                Assert.True(log.TryAppend(SampleBatches.Of(50, $"b{i}")));
                await Task.Delay(i % 7, CancellationToken.None);
            });
        }

        Assert.Equal(20_000, _arrived.Values.SelectMany(IdsOf).Distinct().Count());
        Assert.Equal(20_000, _arrived.Values.Sum(t => t.Rows));
    }

    private PredictionLog Start(Func<PredictionLogOptions, PredictionLogOptions>? change = null)
    {
        var options = new PredictionLogOptions { Folder = _folder.Path, SealAfter = TimeSpan.FromMilliseconds(200), SendAtEndWithin = TimeSpan.FromSeconds(10) };
        return new PredictionLog(change?.Invoke(options) ?? options, SendAsync, _meter, TimeProvider.System, NullLoggerFactory.Instance);
    }

    private async Task SendAsync(SealedFile file, Stream parquet, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _attempts);
        if (_refusal(file) is { } refused)
            throw refused;
        var bytes = new MemoryStream();
        await parquet.CopyToAsync(bytes, cancellation);
        _arrived[file] = await ParquetFile.ReadAsync(bytes, cancellation: cancellation);
    }

    private static string[] IdsOf(Table table) => (string[])table["prediction_id"].Values;

    private static byte[] Segment(params string[] prefixes)
    {
        using var bytes = new MemoryStream();
        using var rows = new BatchRows();
        foreach (var batch in prefixes.Select(p => SampleBatches.Of(2, p)))
        {
            var head = BatchRows.HeadOf(batch);
            Frame.Write(bytes, head, rows.Of(batch, head, 0, 2, out _));
        }

        return bytes.ToArray();
    }
}
