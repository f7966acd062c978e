using Baton.Contracts;
using Baton.Inference;
using Baton.Storage.Tables;
using Baton.Testing;
using Baton.Verification.Reference;
using Xunit;

namespace Baton.UnitTests.Verification.Reference;

public sealed class ReferenceRowsTests : IDisposable
{
    private static readonly ReferenceColumns Columns = new() { Id = "id", Label = "label", Prediction = "prediction", Score = "score" };
    private readonly TempDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_file_as_claimed_is_read()
    {
        var rows = await ReadAsync(Table());

        Assert.Equal(["a", "b", "c"], rows.Ids);
        Assert.Equal([0, 1, 1], rows.Labels());
        Assert.Equal([0.1, 0.9, 0.8], rows.Stored.Scores!);
        Assert.Equal("1", rows.Stored.Predictions![1]);
        Assert.Equal(["2001-02-01", "2001-02-01", "2001-02-02"], rows.Groups("date"));
        var inputs = rows.Inputs([new("hour", "FP32", [-1, 1]), new("origin", "BYTES", [-1])], 1, 2);
        Assert.Equal("hour FP32 [2, 1]", inputs[0].ToString());
        Assert.Equal(new[] { 2f, 3f }, inputs[0].Values);
        Assert.Equal("origin BYTES [2]", inputs[1].ToString());
        Assert.Equal(new[] { "DFW", "SFO" }, inputs[1].Values);
    }

    [Fact]
    public async Task Another_number_of_rows_than_claimed_is_refused()
    {
        var e = await Assert.ThrowsAsync<ReferenceException>(() => ReadAsync(Table(), rows: 12_000));

        Assert.Contains("Expected 12000 rows", e.Message, StringComparison.Ordinal);
        Assert.Contains("the file has 3", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_file_than_claimed_is_refused_with_both_digests()
    {
        var claimed = "sha256:" + new string('0', 64);
        var e = await Assert.ThrowsAsync<ReferenceException>(() => ReadAsync(Table(), digest: claimed));

        Assert.Contains(claimed, e.Message, StringComparison.Ordinal);
        Assert.Equal(2, e.Message.Split("sha256:").Length - 1);
    }

    [Fact]
    public async Task A_missing_file_is_refused()
    {
        var e = await Assert.ThrowsAsync<ReferenceException>(() => ReferenceRows.ReadAsync(_folder.File("none.parquet"), Claim("sha256:x", 3), default));

        Assert.Contains("preds.parquet are missing", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_parquet_is_refused()
    {
        var path = _folder.File("x.parquet");
        await File.WriteAllTextAsync(path, "not a table");

        await Assert.ThrowsAsync<ReferenceException>(() => ReferenceRows.ReadAsync(path, Claim(Digests.Sha256("not a table"), 3), default));
    }

    [Fact]
    public void An_id_that_stands_twice_is_refused() => Refused("stand for more than one row: a", Table(("id", new[] { "a", "a", "c" })));

    [Fact]
    public void A_row_without_an_id_is_refused() => Refused("without an id", new Table([new Column("id", new[] { "a", "b", "c" }, [false, true, false]), .. Table().Columns.Skip(1)]));

    [Fact]
    public void A_missing_column_is_refused_and_those_there_are_named() =>
        Refused("no column score, which is to be the score; they have id, date", new Table([.. Table().Columns.Where(c => c.Name != "score")]));

    [Fact]
    public void A_row_without_ground_truth_is_named()
    {
        Refused("row without ground truth: column label has no finite number for b", Table(("label", new[] { 0, double.NaN, 1 })), r => r.Labels());
        Refused("for c", new Table([.. Table().Columns.Select(c => c.Name == "label" ? new Column("label", new long[] { 0, 1, 0 }, [false, false, true]) : c)]), r => r.Labels());
    }

    [Fact]
    public void Ground_truth_in_words_is_numbered_in_ordinal_order_or_that_of_the_claims()
    {
        var table = new Table([.. Table().Columns.Where(c => c.Name is not ("label" or "prediction")), new Column("label", new[] { "late", "on time", "late" }), new Column("prediction", new[] { "on time", "lost", "late" })]);
        var rows = ReferenceRows.Of(table, Columns);

        Assert.Equal([0, 1, 0], rows.Labels());
        Assert.Equal([1, 2, 0], rows.Numbered(rows.Stored.Predictions)!);
        Assert.Equal([1, 0, 1], ReferenceRows.Of(table, Columns with { Classes = ["on time", "late"] }).Labels());
        Assert.Contains("no class that the claims name", Assert.Throws<ReferenceException>(() => ReferenceRows.Of(table, Columns with { Classes = ["late"] }).Labels()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_group_column_is_refused() => Refused("no column week", Table(), r => r.Groups("week"));

    [Fact]
    public void An_input_without_a_column_is_refused() =>
        Refused("no column late_rate_24h", Table(), r => r.Inputs([new("late_rate_24h", "FP32", [-1, 1])], 0, 1));

    [Fact]
    public void An_input_of_several_values_takes_numbered_columns()
    {
        var table = new Table([.. Table().Columns, new Column("x[0]", new[] { 1.5, 2.5, 3.5 }), new Column("x[1]", new long[] { 10, 20, 30 })]);
        var input = ReferenceRows.Of(table, Columns).Inputs([new TensorSpec("x", "FP32", [-1, 2])], 0, 2)[0];

        Assert.Equal("x FP32 [2, 2]", input.ToString());
        Assert.Equal(new[] { 1.5f, 10f, 2.5f, 20f }, input.Values);
    }

    [Theory]
    [InlineData("INT64")]
    [InlineData("UINT8")]
    [InlineData("BYTES")]
    public void A_value_that_would_be_lost_in_conversion_is_refused(string datatype) =>
        Refused("cannot fill", Table(("hour", new[] { 1.5, -2, 1e30 })), r => r.Inputs([new("hour", datatype, [-1])], 0, 3));

    [Fact]
    public void A_missing_number_is_not_a_number_to_a_float_input_and_refused_by_an_integer_one()
    {
        var table = new Table([.. Table().Columns.Where(c => c.Name != "hour"), new Column("hour", new[] { 1f, 0f, 3f }, [false, true, false])]);

        Assert.True(float.IsNaN(((float[])ReferenceRows.Of(table, Columns).Inputs([new("hour", "FP32", [-1])], 0, 3)[0].Values)[1]));
        Refused("row 1", table, r => r.Inputs([new("hour", "INT64", [-1])], 0, 3));
    }

    private static void Refused(string expected, Table table, Action<ReferenceRows>? use = null)
    {
        var e = Assert.Throws<ReferenceException>(() =>
        {
            var rows = ReferenceRows.Of(table, Columns);
            use?.Invoke(rows);
        });
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
    }

    private static Table Table(params (string Name, Array Values)[] others)
    {
        var columns = new List<Column>
        {
            new("id", new[] { "a", "b", "c" }),
            new("date", new[] { new DateTime(2001, 2, 1, 6, 0, 0, DateTimeKind.Utc), new DateTime(2001, 2, 1, 9, 30, 0, DateTimeKind.Utc), new DateTime(2001, 2, 2, 0, 0, 0, DateTimeKind.Utc) }),
            new("hour", new[] { 1f, 2f, 3f }),
            new("origin", new[] { "ATL", "DFW", "SFO" }),
            new("label", new long[] { 0, 1, 1 }),
            new("prediction", new long[] { 0, 1, 1 }),
            new("score", new[] { 0.1, 0.9, 0.8 }),
        };
        foreach (var (name, values) in others)
            columns[columns.FindIndex(c => c.Name == name)] = new Column(name, values);
        return new Table(columns);
    }

    private static ReferencePredictions Claim(string digest, long rows) => new() { Path = "preds.parquet", Sha256 = digest, Rows = rows, Columns = Columns };

    private async Task<ReferenceRows> ReadAsync(Table table, string? digest = null, long rows = 3)
    {
        var path = _folder.File("preds.parquet");
        await using (var stream = File.Create(path))
            await ParquetFile.WriteAsync(stream, table);
        return await ReferenceRows.ReadAsync(path, Claim(digest ?? Digests.Sha256(await File.ReadAllBytesAsync(path)), rows), default);
    }
}
