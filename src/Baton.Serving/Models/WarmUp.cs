using System.Globalization;
using Baton.Inference;
using Baton.Storage.Tables;

namespace Baton.Serving.Models;

/// <summary>Inputs that a model is run on before its first request: rows of its reference predictions, or made up where there are none.</summary>
internal sealed class WarmUp
{
    private const int SingleRows = 16;
    private const int BatchRows = 32;

    private readonly Table? _reference;
    private bool _real;

    private WarmUp(Table? reference) => _reference = reference;

    /// <summary>Reads the reference predictions of a version. A file that cannot be read is as good as none.</summary>
    public static async Task<WarmUp> ReadAsync(ServedVersion version, CancellationToken cancellation)
    {
        if (version.ReferenceFile is null)
            return new WarmUp(null);
        try
        {
            return new WarmUp(await ParquetFile.ReadAsync(version.ReferenceFile, cancellation: cancellation).ConfigureAwait(false));
        }
        catch (Exception e) when (e is InvalidTableException or IOException or UnauthorizedAccessException)
        {
            return new WarmUp(null);
        }
    }

    /// <summary>Single rows, then a batch where the model takes one.</summary>
    public IEnumerable<IReadOnlyList<Tensor>> Batches(IReadOnlyList<TensorSpec> inputs)
    {
        var rows = _reference is { Rows: > 0 } table && inputs.All(i => Fits(i, table)) ? table.Rows : 0;
        _real = rows > 0;
        for (var row = 0; row < SingleRows; row++)
            yield return [.. inputs.Select(i => Fill(i, row, 1))];
        if (inputs.Count > 0 && inputs.All(i => i.Shape is [< 0, ..]))
            yield return [.. inputs.Select(i => Fill(i, 0, BatchRows))];
    }

    /// <summary>What to say of a run that failed; null where it failed on inputs that were made up, which proves nothing.</summary>
    public string? Failure(string why) => _real ? $"The model fails on rows of its own reference predictions: {why}" : null;

    private static bool Fits(TensorSpec input, Table table) =>
        input.Shape is [] or [-1 or 1, ..] && Width(input) <= table.Columns.Count && Columns(input).All(name => table.Find(name) is { } column
            && (Datatypes.ElementType(input.Datatype) == column.Values.GetType().GetElementType()
                || (input.Datatype is "FP16" or "FP32" or "FP64" && column.Values is double[] or float[] or long[] or int[] or bool[])));

    private static long Width(TensorSpec input) => input.Shape.Skip(1).Aggregate(1L, (product, d) => product * (d < 0 ? 1 : d));

    private static IEnumerable<string> Columns(TensorSpec input) => Width(input) == 1
        ? [input.Name]
        : Enumerable.Range(0, (int)Width(input)).Select(i => string.Create(CultureInfo.InvariantCulture, $"{input.Name}[{i}]"));

    private Tensor Fill(TensorSpec input, int start, int count)
    {
        long[] shape = input.Shape.Count == 0 ? [] : [input.Shape[0] < 0 ? count : input.Shape[0], .. input.Shape.Skip(1).Select(d => d < 0 ? 1 : d)];
        var type = Datatypes.ElementType(input.Datatype);
        var values = Array.CreateInstance(type, shape.Aggregate(1L, (product, d) => product * d));
        if (values is string[] texts)
            Array.Fill(texts, "");
        if (!_real)
            return new Tensor(input.Name, shape, values);
        Array[] columns = [.. Columns(input).Select(name => _reference![name].Values)];
        for (var i = 0; i < values.Length; i++)
        {
            var column = columns[i % columns.Length];
            values.SetValue(Converted(column.GetValue((start + i / columns.Length) % column.Length) ?? "", type), i);
        }

        return new Tensor(input.Name, shape, values);
    }

    private static object Converted(object value, Type type) => type == typeof(Half) ? (Half)Convert.ToDouble(value, CultureInfo.InvariantCulture)
        : value.GetType() == type ? value
        : Convert.ChangeType(value, type, CultureInfo.InvariantCulture);
}
