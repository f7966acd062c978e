using System.Text;
using Baton.Storage.Tables;
using Baton.Testing;
using CsCheck;
using Parquet;
using Parquet.Schema;
using Xunit;

namespace Baton.UnitTests.Storage.Tables;

public sealed class ParquetFileTests
{
    private static string Flights => Path.Combine(Repository.Root, "samples", "flights", "champion", "test-predictions.parquet");

    [Fact]
    public async Task Reads_what_pandas_wrote()
    {
        var table = await ParquetFile.ReadAsync(Flights);

        Assert.Equal(12_000, table.Rows);
        Assert.Equal(
            ["id string", "date timestamp", "hour float", "weekday float", "distance float", "origin string", "destination string",
                "label int64", "prediction int64", "score float", "onnx_score float"],
            table.Columns.Select(c => c.ToString()));
        Assert.All(table.Columns, c => Assert.Null(c.Nulls));
        Assert.Equal(("f000000", "2001-02-01T00:05:00Z", "TUL"), (table["id"].AsStrings()[0], table["date"].AsStrings()[0], table["origin"].AsStrings()[0]));
        Assert.Equal(14, ((DateTime[])table["date"].Values).Select(DateOnly.FromDateTime).Distinct().Count());
        Assert.Equal(12_000, table["id"].AsStrings().Distinct().Count());
        Assert.Equal(111, table["distance"].AsDoubles()[0]);
    }

    [Fact]
    public async Task Reads_only_the_columns_asked_for()
    {
        var table = await ParquetFile.ReadAsync(Flights, ["score", "id"]);

        Assert.Equal(["id", "score"], table.Columns.Select(c => c.Name));
        Assert.Equal(12_000, (await ParquetFile.ReadAsync(Flights, [])).Rows);
    }

    [Fact]
    public async Task Names_the_columns_there_are_when_asked_for_another()
    {
        var e = await Assert.ThrowsAsync<InvalidTableException>(() => ParquetFile.ReadAsync(Flights, ["truth"]));
        Assert.Contains("There is no column 'truth'; the columns are id, date, hour", e.Message);
        Assert.Contains(Flights, e.Message);
    }

    [Fact]
    public async Task Tells_rows_and_columns_without_reading_values()
    {
        var head = await ParquetFile.HeadAsync(Flights);
        Assert.Equal((12_000, 11, "id"), (head.Rows, head.Columns.Count, head.Columns[0]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_written_reads_back(bool absent)
    {
        var nulls = absent ? new[] { false, true, false } : null;
        var written = new Table(
        [
            new("flag", new[] { true, false, true }, nulls),
            new("int", new[] { int.MinValue, 0, int.MaxValue }, nulls),
            new("long", new[] { long.MinValue, 0, long.MaxValue }, nulls),
            new("float", new[] { 0.1f, 0, float.NaN }, nulls),
            new("double", new[] { 0.1, 0, double.NegativeInfinity }, nulls),
            new("text", new[] { "naïve 😀", "", "b" }, nulls),
            new("day", new[] { new DateOnly(2001, 2, 3), default, new DateOnly(1969, 12, 31) }, nulls),
            new("at", new[] { new DateTime(2001, 2, 3, 4, 5, 6, 789, DateTimeKind.Utc).AddMicroseconds(12), DateTime.UnixEpoch, new DateTime(1969, 12, 31, 0, 0, 0, DateTimeKind.Utc) }, nulls),
        ]);

        var read = await ReadAsync(await BytesAsync(written));

        Assert.Equal(written.Columns.Select(c => c.ToString()), read.Columns.Select(c => c.ToString()));
        foreach (var column in written.Columns)
        {
            Assert.Equal(nulls, read[column.Name].Nulls);
            Assert.Equal(column.AsStrings(), read[column.Name].AsStrings());
        }
    }

    [Fact]
    public async Task Doubles_and_texts_read_back_bit_for_bit_whatever_they_are() => await Gen.Select(Gen.Double, Gen.String).Array[0, 50].SampleAsync(async rows =>
    {
        var written = new Table([new("number", rows.Select(r => r.Item1).ToArray()), new("text", rows.Select(r => WithoutLoneSurrogates(r.Item2)).ToArray())]);

        var read = await ReadAsync(await BytesAsync(written));

        Assert.Equal(((double[])written["number"].Values).Select(BitConverter.DoubleToInt64Bits), ((double[])read["number"].Values).Select(BitConverter.DoubleToInt64Bits));
        Assert.Equal((string[])written["text"].Values, (string[])read["text"].Values);
    }, iter: 100, threads: 1);

    [Fact]
    public async Task Many_rows_go_into_several_groups_and_come_back_in_order()
    {
        var numbers = Enumerable.Range(0, 1_000_001).ToArray();

        var bytes = await BytesAsync(new Table([new("n", numbers)]));

        await using var reader = await ParquetReader.CreateAsync(new MemoryStream(bytes));
        Assert.Equal(2, reader.RowGroupCount);
        Assert.Equal(numbers, (int[])(await ReadAsync(bytes))["n"].Values);
    }

    [Fact]
    public async Task The_stream_stays_open()
    {
        using var stream = new MemoryStream();
        await ParquetFile.WriteAsync(stream, new Table([new("n", new[] { 1 })]));
        await ParquetFile.ReadAsync(stream);
        Assert.True(stream.CanRead);
    }

    [Theory]
    [InlineData("", "The file is empty")]
    [InlineData("id,label\n1,0\n", "It is not a Parquet file: it does not begin with PAR1")]
    [InlineData("PAR1", "cut short: it has 4 bytes")]
    [InlineData("PARE....PARE", "encrypted")]
    [InlineData("PAR1\0\0\0\0\0\0\0\u007fPAR1", "damaged")]
    public async Task Says_what_is_wrong_with_a_file_that_is_no_table(string content, string said)
    {
        var e = await Assert.ThrowsAsync<InvalidTableException>(() => ReadAsync(Encoding.Latin1.GetBytes(content)));
        Assert.Contains(said, e.Message);
    }

    [Fact]
    public async Task Says_that_there_is_no_file() =>
        Assert.Equal("There is no table at '/nowhere/t.parquet'.", (await Assert.ThrowsAsync<InvalidTableException>(() => ParquetFile.ReadAsync("/nowhere/t.parquet"))).Message);

    [Fact]
    public async Task Refuses_a_table_cut_short_at_any_length()
    {
        var whole = await File.ReadAllBytesAsync(Flights);
        foreach (var length in Enumerable.Range(1, 100).Select(i => (int)((long)whole.Length * i / 101)).Append(whole.Length - 1))
            Assert.Contains("cut short", (await Assert.ThrowsAsync<InvalidTableException>(() => ReadAsync(whole[..length]))).Message);
    }

    [Fact]
    public async Task Random_damage_is_refused_or_read_and_nothing_else()
    {
        var whole = await BytesAsync(new Table([new("id", Enumerable.Range(0, 200).Select(i => $"r{i}").ToArray()), new("x", Enumerable.Range(0, 200).Select(i => i / 7d).ToArray())]));
        await Gen.Select(Gen.Int[4, whole.Length - 5], Gen.Byte).Array[1, 8].SampleAsync(
            async changes =>
            {
                var damaged = (byte[])whole.Clone();
                foreach (var (at, value) in changes)
                    damaged[at] = value;
                try
                {
                    await ReadAsync(damaged);
                }
                catch (InvalidTableException)
                {
                }
            },
            iter: 1_000, threads: 1);
    }

    [Fact]
    public async Task Says_which_column_it_cannot_read_and_reads_the_others()
    {
        var bytes = new DataField<byte[]>("picture");
        var number = new DataField<double>("x");
        using var stream = new MemoryStream();
        await using (var writer = await ParquetWriter.CreateAsync(new ParquetSchema(bytes, number), stream))
        {
            using var group = writer.CreateRowGroup();
            await group.WriteAsync(bytes, new byte[][] { [1, 2] });
            await group.WriteAsync<double>(number, new[] { 0.5 }.AsMemory());
        }

        Assert.Contains("Column 'picture' holds bytes", (await Assert.ThrowsAsync<InvalidTableException>(() => ParquetFile.ReadAsync(stream))).Message);
        var table = await ParquetFile.ReadAsync(stream, ["x"]);
        Assert.Equal([0.5], table["x"].AsDoubles());
    }

    private static async Task<byte[]> BytesAsync(Table table)
    {
        using var stream = new MemoryStream();
        await ParquetFile.WriteAsync(stream, table);
        return stream.ToArray();
    }

    private static Task<Table> ReadAsync(byte[] bytes) => ParquetFile.ReadAsync(new MemoryStream(bytes));

    private static string WithoutLoneSurrogates(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
