using Baton.Storage.Tables;
using Xunit;

namespace Baton.UnitTests.Storage.Tables;

public sealed class ColumnTests
{
    [Fact]
    public void Numbers_and_booleans_read_as_doubles_and_absent_ones_as_NaN()
    {
        Assert.Equal([1.5, -2], new Column("a", new[] { 1.5f, -2 }).AsDoubles());
        Assert.Equal([0, 1], new Column("a", new[] { false, true }).AsDoubles());
        Assert.Equal([7, double.NaN], new Column("a", new long[] { 7, 0 }, [false, true]).AsDoubles());
    }

    [Fact]
    public void Text_is_no_number()
    {
        var e = Assert.Throws<InvalidTableException>(() => new Column("city", new[] { "Oslo" }).AsDoubles());
        Assert.Equal("Column 'city' holds strings, and numbers are needed.", e.Message);
    }

    [Fact]
    public void Text_of_values_does_not_depend_on_the_machine()
    {
        Assert.Equal(["1", "-2"], new Column("a", new[] { 1L, -2 }).AsStrings());
        Assert.Equal(["0.1", "1E+20"], new Column("a", new[] { 0.1, 1e20 }).AsStrings());
        Assert.Equal(["true"], new Column("a", new[] { true }).AsStrings());
        Assert.Equal(["2001-02-03"], new Column("a", new[] { new DateOnly(2001, 2, 3) }).AsStrings());
        Assert.Equal(["x", ""], new Column("a", new[] { "x", "y" }, [false, true]).AsStrings());
    }

    [Fact]
    public void Timestamps_keep_their_time_of_day()
    {
        var column = new Column("at", new[] { new DateTime(2001, 2, 3, 0, 5, 0, DateTimeKind.Utc), new DateTime(2001, 2, 3, 23, 59, 59, 250, DateTimeKind.Utc) });

        Assert.Equal(["2001-02-03T00:05:00Z", "2001-02-03T23:59:59.25Z"], column.AsStrings());
    }

    [Fact]
    public void Reading_a_column_as_numbers_leaves_the_column_alone()
    {
        var column = new Column("a", new[] { 1d, 2 });
        column.AsDoubles()[0] = 99;
        Assert.Equal([1d, 2], (double[])column.Values);
    }

    [Fact]
    public void A_table_names_its_columns_when_asked_for_another()
    {
        var table = new Table([new Column("id", new[] { "a" }), new Column("label", new[] { 1L })]);

        Assert.Equal("There is no column 'lable'; the columns are id, label.", Assert.Throws<InvalidTableException>(() => table["lable"]).Message);
        Assert.Null(table.Find("lable"));
        Assert.Same(table.Columns[1], table["label"]);
    }

    [Fact]
    public void A_table_refuses_columns_that_do_not_go_together()
    {
        Assert.Contains("'b' has 1 rows where the table has 2", Assert.Throws<InvalidTableException>(() => new Table([new Column("a", new[] { 1, 2 }), new Column("b", new[] { 1 })])).Message);
        Assert.Contains("two columns 'a'", Assert.Throws<InvalidTableException>(() => new Table([new Column("a", new[] { 1 }), new Column("a", new[] { 1 })])).Message);
        Assert.Contains("cannot hold System.Decimal", Assert.Throws<InvalidTableException>(() => new Column("a", new decimal[1])).Message);
        Assert.Contains("1 values and 2 null marks", Assert.Throws<InvalidTableException>(() => new Column("a", new[] { 1 }, new bool[2])).Message);
    }
}
