using System.Text.Json;
using Baton.Contracts;
using Baton.Inference;
using Baton.Storage.Tables;
using Baton.Verification.Drafting;
using Baton.Verification.Execution;
using Baton.Verification.Reference;

namespace Baton.Verification.Load;

/// <summary>The rows that a bench sends: of a file, or made up from what the model says of its inputs.</summary>
internal static class BenchRows
{
    private const int MostRows = 256;

    /// <summary>Rows that fit the inputs: numbers of a normal distribution, small whole numbers, short texts. The same seed gives the same rows.</summary>
    /// <param name="inputs">What the model takes; a free dimension after the first is 1.</param>
    /// <param name="seed">Seed.</param>
    public static IReadOnlyList<Tensor> MadeUp(IReadOnlyList<TensorSpec> inputs, int seed)
    {
        var random = new Random(seed);
        return [.. inputs.Select(input => MadeUp(input, random))];
    }

    /// <summary>Rows of a file: Parquet, or JSON as a list of objects, a value or nested lists by input.</summary>
    /// <param name="path">The file.</param>
    /// <param name="inputs">What the model takes; null where that is not known: then each column of a Parquet file is an input.</param>
    /// <param name="cancellation">Stops the reading.</param>
    /// <exception cref="BenchException">The file has no rows that fit.</exception>
    public static async Task<IReadOnlyList<Tensor>> ReadAsync(string path, IReadOnlyList<TensorSpec>? inputs, CancellationToken cancellation)
    {
        if (!File.Exists(path))
            throw new BenchException($"There is no file '{path}' to take rows from.");
        try
        {
            if (path.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase))
            {
                var table = await ParquetFile.ReadAsync(path, columns: null, cancellation);
                var rows = Math.Min(table.Rows, MostRows);
                if (rows == 0)
                    throw new BenchException($"'{path}' has no row.");
                if (inputs is null)
                    return [.. table.Columns.Select(c => OfColumn(c, rows))];
                var columns = InputGuess.Complete(
                    new ReferenceColumns { Id = "id", Label = "label", Prediction = "prediction" }, inputs, new TableHead(table.Rows, [.. table.Columns.Select(c => c.Name)]));
                return [.. inputs.Select(i => InputColumns.Fill(table, columns, i, 0, rows))];
            }

            using var document = JsonDocument.Parse(await File.ReadAllTextAsync(path, cancellation));
            if (document.RootElement.ValueKind != JsonValueKind.Array || document.RootElement.GetArrayLength() == 0 || inputs is null)
                throw new BenchException($"'{path}' is no list of rows; write [{{\"INPUT\": VALUE, …}}, …] with a value, or nested lists of values, by input.");
            var read = document.RootElement.EnumerateArray().Take(MostRows).Select(row => row.EnumerateObject().ToDictionary(p => p.Name, p => p.Value)).ToList();
            return [.. inputs.Select(input => Join([.. read.Select(row => RowTensors.Read(input, row))]))];
        }
        catch (Exception e) when (e is InvalidTableException or ReferenceException or ModelInputException or JsonException or InvalidOperationException)
        {
            throw new BenchException($"'{path}' does not fit: {e.Message}", e);
        }
    }

    /// <summary>Rows of tensors, wrapping around.</summary>
    public static IReadOnlyList<Tensor> Cut(IReadOnlyList<Tensor> rows, int start, int count) =>
        [.. rows.Select(t => Gather(t, [.. Enumerable.Range(start, count).Select(i => i % t.Rows)]))];

    private static Tensor Gather(Tensor tensor, int[] rows)
    {
        var values = Array.CreateInstance(tensor.Values.GetType().GetElementType()!, rows.Length * tensor.Width);
        for (var i = 0; i < rows.Length; i++)
            Array.Copy(tensor.Values, rows[i] * tensor.Width, values, i * tensor.Width, tensor.Width);
        return new Tensor(tensor.Name, [rows.Length, .. tensor.Shape.Skip(1)], values);
    }

    private static Tensor Join(IReadOnlyList<Tensor> rows)
    {
        var values = Array.CreateInstance(rows[0].Values.GetType().GetElementType()!, rows.Sum(r => r.Values.Length));
        var at = 0;
        foreach (var row in rows)
        {
            row.Values.CopyTo(values, at);
            at += row.Values.Length;
        }

        return new Tensor(rows[0].Name, [rows.Count, .. rows[0].Shape.Skip(1)], values);
    }

    private static Tensor OfColumn(Column column, int rows)
    {
        Array values = column.Values is string[] or DateTime[] or DateOnly[]? column.AsStrings() : column.Values;
        var some = Array.CreateInstance(values.GetType().GetElementType()!, rows);
        Array.Copy(values, some, rows);
        return new Tensor(column.Name, [rows], some);
    }

    private static Tensor MadeUp(TensorSpec input, Random random)
    {
        var type = Datatypes.ElementType(input.Datatype);
        long[] shape = [MostRows, .. input.Shape.Skip(1).Select(d => d < 0 ? 1 : d)];
        var count = shape.Aggregate((Int128)1, (product, d) => product * d);
        if (count > 50_000_000)
            throw new BenchException($"Input `{input}` is too large to make {MostRows} rows up; name a file with --input.");
        var values = Array.CreateInstance(type, (int)count);
        for (var i = 0; i < values.Length; i++)
            values.SetValue(Value(input.Datatype, type, random), i);
        return new Tensor(input.Name, shape, values);
    }

    private static object Value(string datatype, Type type, Random random) => datatype switch
    {
        "BYTES" => ((char)('a' + random.Next(26))).ToString(),
        "BOOL" => random.Next(2) == 1,
        "FP16" => (Half)Bell(random),
        "FP32" or "FP64" => Convert.ChangeType(Bell(random), type, System.Globalization.CultureInfo.InvariantCulture),
        _ => Convert.ChangeType(random.Next(10), type, System.Globalization.CultureInfo.InvariantCulture),
    };

    // Twelve even numbers add up to nearly a bell of width 1.
    private static double Bell(Random random) => Enumerable.Range(0, 12).Sum(_ => random.NextDouble()) - 6;
}
