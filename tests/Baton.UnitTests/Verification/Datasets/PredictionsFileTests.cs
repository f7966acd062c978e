using System.Buffers.Binary;
using System.Text;
using Baton.Storage.Tables;
using Baton.Testing;
using Baton.Verification.Datasets;
using CsCheck;
using Xunit;

namespace Baton.UnitTests.Verification.Datasets;

public sealed class PredictionsFileTests : IDisposable
{
    private readonly TempDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Csv_keeps_types_quotes_and_missing_values()
    {
        var table = await ReadAsync("p.csv", "\uFEFFid,code,day,at,late,delay,note,none\r\n1,007,2009-01-02,2009-01-02T03:04:05Z,true,1.5,\"a, \"\"b\"\"\nc\",\r\n2,010,,2009-01-02 03:04:06,false,nan,,\r\n");

        Assert.Equal(
            ["id int64", "code string", "day date", "at timestamp", "late bool", "delay double", "note string", "none double"], table.Columns.Select(c => c.ToString()));
        Assert.Equal(["a, \"b\"\nc", ""], (string[])table["note"].Values);
        Assert.Equal([false, true], table["note"].Nulls!);
        Assert.Equal([false, true], table["day"].Nulls!);
        Assert.True(double.IsNaN(((double[])table["delay"].Values)[1]));
        Assert.Equal(new DateTime(2009, 1, 2, 3, 4, 6, DateTimeKind.Utc), ((DateTime[])table["at"].Values)[1]);
    }

    [Theory]
    [InlineData("p.csv", "", "is empty")]
    [InlineData("p.csv", "a,b\n1,2\n3\n", "Row 2 has 1 fields, and there are 2 columns")]
    [InlineData("p.csv", "a,b\n1,\"2\n", "Line 2: a quote is not closed")]
    [InlineData("p.csv", "a,b\n1,\"2\"x\n", "Line 2: after a field in quotes")]
    [InlineData("p.csv", "a,a\n1,2\n", "two columns 'a'")]
    [InlineData("p.jsonl", "{\"a\": 1}\n{\"a\": \"x\"}\n", "Row 2, column 'a' holds the text 'x'")]
    [InlineData("p.jsonl", "{\"a\": 1}\n[1]\n", "Row 2 is not an object")]
    [InlineData("p.jsonl", "{\"a\": 1, \"a\": 2}\n", "Row 1, column 'a' stands twice")]
    [InlineData("p.jsonl", "{\"a\": {}}\n", "Row 1, column 'a' holds an object")]
    [InlineData("p.jsonl", "{\"a\": 1\n", "Row 1 is not JSON")]
    [InlineData("p.jsonl", "\n", "no row")]
    [InlineData("p.json", "[1]", "log_table")]
    [InlineData("p.json", "{\"columns\": [\"a\"], \"data\": [[1], [1, 2]]}", "Row 2 is not a list of 1 values")]
    [InlineData("p.json", "{\"columns\": [\"a\"], \"data\": [[1], [[2]]]}", "Row 2, column 'a' holds a list")]
    [InlineData("p.npy", "not numpy at all", "not NPY")]
    [InlineData("p.arrow", "x", "write Parquet instead")]
    [InlineData("p.xlsx", "x", "'.xlsx' tells no form")]
    public async Task A_fault_is_told_with_its_place(string name, string text, string said)
    {
        var fault = await Assert.ThrowsAsync<InvalidTableException>(() => ReadAsync(name, text));

        Assert.Contains(said, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_lines_may_lack_fields_and_mix_whole_numbers_with_others()
    {
        var table = await ReadAsync("p.jsonl", "{\"id\": \"a\", \"score\": 1}\r\n\n{\"id\": null, \"score\": 0.5, \"late\": true}\n");

        Assert.Equal(["id string", "score double", "late bool"], table.Columns.Select(c => c.ToString()));
        Assert.Equal([1, 0.5], (double[])table["score"].Values);
        Assert.Equal([false, true], table["id"].Nulls!);
        Assert.Equal([true, false], table["late"].Nulls!);
    }

    [Fact]
    public async Task The_table_that_MLflow_logs_is_read()
    {
        var table = await ReadAsync("p.json", "{\"columns\":[\"id\",\"label\",\"score\"],\"data\":[[\"f1\",0,0.25],[\"f2\",1,null]]}");

        Assert.Equal(["id string", "label int64", "score double"], table.Columns.Select(c => c.ToString()));
        Assert.True(double.IsNaN(table["score"].AsDoubles()[1]));
    }

    [Fact]
    public async Task A_structured_array_names_its_columns()
    {
        var rows = new byte[2 * 21];
        for (var i = 0; i < 2; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(rows.AsSpan(i * 21), 7 + i);
            BinaryPrimitives.WriteSingleLittleEndian(rows.AsSpan((i * 21) + 8), 0.5f + i);
            rows[(i * 21) + 12] = (byte)i;
            Encoding.UTF32.GetBytes("AZ"[i].ToString()).CopyTo(rows, (i * 21) + 13);
        }

        var table = await ReadAsync("p.npy", Npy("{'descr': [('id', '<i8'), ('score', '<f4'), ('label', '|b1'), ('carrier', '<U2')], 'fortran_order': False, 'shape': (2,), }", rows));

        Assert.Equal(["id int64", "score float", "label bool", "carrier string"], table.Columns.Select(c => c.ToString()));
        Assert.Equal([7L, 8], (long[])table["id"].Values);
        Assert.Equal([0.5f, 1.5f], (float[])table["score"].Values);
        Assert.Equal([false, true], (bool[])table["label"].Values);
        Assert.Equal(["A", "Z"], (string[])table["carrier"].Values);
    }

    [Fact]
    public async Task A_plain_array_is_named_by_the_caller()
    {
        var rows = new byte[2 * 3 * 8];
        for (var i = 0; i < 6; i++)
            BinaryPrimitives.WriteDoubleLittleEndian(rows.AsSpan(i * 8), i);

        var table = await ReadAsync("p.npy", Npy("{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }", rows));

        Assert.Equal([1d, 4], (double[])table["c1"].Values);
    }

    [Theory]
    [InlineData("{'descr': '<f8', 'fortran_order': True, 'shape': (1, 1), }", "Fortran order")]
    [InlineData("{'descr': '|O', 'fortran_order': False, 'shape': (1, 1), }", "type '|O'")]
    [InlineData("{'descr': '>f8', 'fortran_order': False, 'shape': (1, 1), }", "type '>f8'")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (9, 1), }", "cut short")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (9,), }", "1 dimensions")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999, 1), }", "cut short")]
    [InlineData("{'descr': [('a', '<f8', (2,))], 'fortran_order': False, 'shape': (1,), }", "not plain columns")]
    [InlineData("{}", "no shape")]
    public async Task An_array_that_is_no_table_is_refused(string header, string said)
    {
        var fault = await Assert.ThrowsAsync<InvalidTableException>(() => ReadAsync("p.npy", Npy(header, new byte[8])));

        Assert.Contains(said, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_written_as_csv_reads_back_the_same()
    {
        var field = Gen.String[Gen.Char["a,\"\n\r é0"], 0, 6].Where(s => s.Length > 0 && s.Trim() != "0");
        Gen.Select(field, field).Array[1, 20].Sample(rows =>
        {
            string Quoted(string text) => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
            var csv = "a,b\n" + string.Concat(rows.Select(r => $"{Quoted("x" + r.Item1)},{Quoted("x" + r.Item2)}\n"));
            var table = CsvTable.Read(Encoding.UTF8.GetBytes(csv));
            Assert.Equal(rows.Select(r => "x" + r.Item1), (string[])table["a"].Values);
            Assert.Equal(rows.Select(r => "x" + r.Item2), (string[])table["b"].Values);
        });
    }

    private static byte[] Npy(string header, byte[] rows)
    {
        var text = Encoding.ASCII.GetBytes(header + "\n");
        return [0x93, .. "NUMPY"u8, 1, 0, (byte)text.Length, (byte)(text.Length >> 8), .. text, .. rows];
    }

    private Task<Table> ReadAsync(string name, string text) => ReadAsync(name, Encoding.UTF8.GetBytes(text));

    private async Task<Table> ReadAsync(string name, byte[] bytes)
    {
        await File.WriteAllBytesAsync(_folder.File(name), bytes);
        return await PredictionsFile.ReadAsync(_folder.File(name), width => [.. Enumerable.Range(0, width).Select(i => $"c{i}")], CancellationToken.None);
    }
}
