using System.Text;
using Baton.Storage;
using Baton.Storage.Query;
using Baton.Storage.Tables;
using Baton.Testing;
using Xunit;

namespace Baton.UnitTests.Storage.Query;

public sealed class BlobQueriesTests : IDisposable
{
    private static readonly IReadOnlyList<QueryColumn> Columns = [QueryColumn.Text("id"), QueryColumn.Whole("n"), QueryColumn.Number("score")];

    private readonly TempDirectory _directory = new();
    private readonly BlobStore _blobs;
    private readonly BlobQueries _queries;

    public BlobQueriesTests()
    {
        // Nothing that a folder may be called gets in the way of a query.
        _blobs = new BlobStore(_directory.File("bl'ob[s] *"));
        _queries = new BlobQueries(_blobs);
    }

    public void Dispose()
    {
        _queries.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task Rows_of_blobs_and_tables_are_joined_with_parameters()
    {
        var files = new[] { await PutAsync(0, 10), await PutAsync(10, 10) };
        var query = new BlobQuery("SELECT p.id, p.score, l.value FROM p LEFT JOIN l ON l.id = p.id WHERE p.n >= $from AND p.id <> $odd ORDER BY p.n")
        {
            Views = new Dictionary<string, BlobRows> { ["p"] = new(files, Columns) },
            Tables = new Dictionary<string, Table>
            {
                ["l"] = new([new Column("id", new[] { "row 18", "row 19" }), new Column("value", new double[] { 0, 7 }, [true, false])]),
            },
            Parameters = new Dictionary<string, object> { ["from"] = 17L, ["odd"] = "'; DROP TABLE l; --" },
        };

        var rows = await _queries.ReadAsync(query, reader =>
        {
            var read = new List<(string, bool, double?)>();
            while (reader.Read())
                read.Add((reader.GetString(0), reader.IsDBNull(1), reader.IsDBNull(2) ? null : reader.GetDouble(2)));
            return read;
        });

        Assert.Equal([("row 17", false, null), ("row 18", true, null), ("row 19", false, 7d)], rows);
    }

    [Fact]
    public async Task A_view_over_no_blob_is_empty() => Assert.Equal(0L, await CountAsync([]));

    [Theory]
    [InlineData("SELECT count(*) FROM read_text('/etc/passwd')")]
    [InlineData("SELECT count(*) FROM read_csv('/etc/passwd')")]
    [InlineData("SELECT count(*) FROM glob('/etc/*')")]
    [InlineData("SELECT count(*) FROM read_text('https://example.com/')")]
    public async Task Nothing_outside_the_store_can_be_read(string sql)
    {
        var failed = await Assert.ThrowsAsync<QueryFailedException>(() => _queries.ReadAsync(new BlobQuery(sql), reader => reader.Read() ? reader.GetInt64(0) : -1));
        Assert.Contains("disabled by configuration", failed.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SET enable_external_access = true")]
    [InlineData("SET memory_limit = '100GB'")]
    [InlineData("INSTALL httpfs")]
    [InlineData("LOAD httpfs")]
    [InlineData("ATTACH '/tmp/baton-should-not-be.db'")]
    [InlineData("COPY (SELECT 1) TO '/tmp/baton-should-not-be.csv'")]
    public async Task The_sandbox_cannot_be_opened_from_within(string sql)
    {
        await Assert.ThrowsAsync<QueryFailedException>(() => _queries.ReadAsync(new BlobQuery(sql), reader => reader.Read()));
        Assert.False(File.Exists("/tmp/baton-should-not-be.db") || File.Exists("/tmp/baton-should-not-be.csv"));
    }

    [Fact]
    public async Task An_answer_is_a_file_that_leaves_nothing_behind_or_a_blob()
    {
        var file = await PutAsync(0, 3);
        var query = new BlobQuery("SELECT id, n FROM p ORDER BY n DESC") { Views = new Dictionary<string, BlobRows> { ["p"] = new([file], Columns) } };

        using (var reader = new StreamReader(await _queries.WriteAsync(query, QueryFormat.Csv)))
            Assert.Equal("id,n\nrow 2,2\nrow 1,1\nrow 0,0\n", (await reader.ReadToEndAsync()).ReplaceLineEndings("\n"));
        using (var reader = new StreamReader(await _queries.WriteAsync(query, QueryFormat.Json)))
            Assert.Contains("{\"id\":\"row 2\",\"n\":2}", await reader.ReadToEndAsync(), StringComparison.Ordinal);
        var blob = await _queries.SealAsync(query);
        var table = await ParquetFile.ReadAsync((await _blobs.LocalPathAsync(blob.Digest))!);
        Assert.Equal([2L, 1L, 0L], (long[])table["n"].Values);
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(_directory.File("bl'ob[s] *"), "temp")));
    }

    [Fact]
    public async Task A_blob_that_rotted_is_found_out_before_it_is_read()
    {
        var good = await PutAsync(0, 10);
        Assert.Equal(10L, await CountAsync([good]));
        var path = (await _blobs.LocalPathAsync(good))!;
        var bytes = await File.ReadAllBytesAsync(path);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(path, bytes);
        File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch.AddYears(50));

        await Assert.ThrowsAsync<BlobCorruptException>(() => CountAsync([good]));
        await Assert.ThrowsAsync<BlobCorruptException>(() => CountAsync([Digest.Of("never stored"u8)]));
        Assert.Null(await _blobs.LocalPathAsync(Digest.Of("never stored"u8)));
    }

    [Fact]
    public async Task What_is_no_Parquet_fails_in_words()
    {
        var blob = await _blobs.PutAsync(new MemoryStream(Encoding.UTF8.GetBytes("not a table, whatever its name says")));
        var failed = await Assert.ThrowsAsync<QueryFailedException>(() => CountAsync([blob.Digest]));
        Assert.Contains("could not be answered", failed.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("shorter range", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_query_that_takes_too_long_is_broken_off_and_frees_its_place()
    {
        using var queries = new BlobQueries(_blobs, new QueryLimits { Concurrent = 1 });
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => queries.ReadAsync(
            new BlobQuery("SELECT count(*) FROM range(1000000000) a, range(1000000) b"), reader => reader.Read(), patience.Token));
        Assert.Equal(1, await queries.ReadAsync(new BlobQuery("SELECT 1"), reader => reader.Read() ? reader.GetInt32(0) : 0));
    }

    [Fact]
    public async Task Memory_is_bounded_whatever_is_asked()
    {
        using var queries = new BlobQueries(_blobs, new QueryLimits { MemoryBytes = 32 << 20, SpillBytes = 32 << 20 });
        var failed = await Assert.ThrowsAsync<QueryFailedException>(() => queries.ReadAsync(
            new BlobQuery("SELECT count(*) FROM (SELECT DISTINCT md5(range::VARCHAR) FROM range(20000000))"), reader => reader.Read()));
        Assert.Contains("32 MiB", failed.Message, StringComparison.Ordinal);
    }

    private Task<long> CountAsync(IReadOnlyList<Digest> files) => _queries.ReadAsync(
        new BlobQuery("SELECT count(*) FROM p") { Views = new Dictionary<string, BlobRows> { ["p"] = new(files, Columns) } },
        reader => reader.Read() ? reader.GetInt64(0) : -1);

    private async Task<Digest> PutAsync(int first, int count)
    {
        var numbers = Enumerable.Range(first, count).ToArray();
        using var bytes = new MemoryStream();
        await ParquetFile.WriteAsync(bytes, new Table(
        [
            new Column("id", numbers.Select(n => $"row {n}").ToArray()),
            new Column("n", numbers.Select(n => (long)n).ToArray()),
            new Column("score", numbers.Select(n => n / 10d).ToArray(), numbers.Select(n => n == 18).ToArray()),
        ]));
        bytes.Position = 0;
        return (await _blobs.PutAsync(bytes)).Digest;
    }
}
