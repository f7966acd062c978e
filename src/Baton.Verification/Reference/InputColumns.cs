using System.Globalization;
using Baton.Contracts;
using Baton.Inference;
using Baton.Storage.Tables;
using Baton.Verification.Clauses;

namespace Baton.Verification.Reference;

/// <summary>
/// Fills a model's inputs from the columns of a table. An input of one value a row takes the column of its name; one of several takes
/// the columns that the claims name for it, or <c>name[0]</c>, <c>name[1]</c> … in order.
/// </summary>
internal static class InputColumns
{
    /// <summary>Names of the columns that fill an input, in order.</summary>
    public static IReadOnlyList<string> NamesOf(ReferenceColumns columns, TensorSpec input) => columns.Inputs?.GetValueOrDefault(input.Name)
        ?? (Width(input) is 1 ? [input.Name] : [.. Enumerable.Range(0, Width(input)).Select(i => string.Create(CultureInfo.InvariantCulture, $"{input.Name}[{i}]"))]);

    /// <summary>One input for a range of rows.</summary>
    /// <exception cref="ReferenceException">A column is missing, lacks a value, or is of a type that does not convert without loss.</exception>
    public static Tensor Fill(Table table, ReferenceColumns columns, TensorSpec input, int start, int count)
    {
        var width = Width(input);
        var values = Array.CreateInstance(Datatypes.ElementType(input.Datatype), count * width);
        var named = columns.Inputs?.GetValueOrDefault(input.Name);
        if (named is not null && named.Count != width)
            throw new ReferenceException($"The claims name {named.Count} columns for the model's input `{input}`, which takes {width} values a row.");
        for (var i = 0; i < width; i++)
        {
            var column = Find(table, input, named?[i] ?? (width == 1 ? input.Name : string.Create(CultureInfo.InvariantCulture, $"{input.Name}[{i}]")));
            if (width == 1 && column.Nulls is null && column.Values.GetType() == values.GetType())
            {
                Array.Copy(column.Values, start, values, 0, count);
                break;
            }

            for (var row = 0; row < count; row++)
            {
                if (column.Nulls is { } nulls && nulls[start + row] && input.Datatype is not ("FP32" or "FP64" or "FP16" or "BYTES"))
                    throw Unfit(input, column, $"row {start + row} has no value, and {input.Datatype} has none to stand for that");
                values.SetValue(Convert(column, start + row, input), row * width + i);
            }
        }

        return new Tensor(input.Name, input.Shape.Count < 2 ? [count] : [count, .. input.Shape.Skip(1).Select(d => d < 0 ? 1 : d)], values);
    }

    private static int Width(TensorSpec input)
    {
        if (input.Shape.Count > 0 && input.Shape[0] > 1)
            throw new ReferenceException($"Input `{input}` has a fixed number of rows; export the model with a free first dimension.");
        var width = input.Shape.Skip(1).Aggregate(1L, (product, d) => product * (d < 0 ? 1 : d));
        return width is > 0 and <= 100_000 ? (int)width : throw new ReferenceException($"Input `{input}` takes {width} values a row, which columns cannot fill.");
    }

    private static Column Find(Table table, TensorSpec input, string name) => table.Find(name) ?? throw new ReferenceException(
        $"The model takes input `{input}`, and the reference predictions have no column {name} to fill it; "
        + $"they have {Phrases.Some([.. table.Columns.Select(c => c.Name)], shown: 30)}.");

    private static object Convert(Column column, int row, TensorSpec input)
    {
        var missing = column.Nulls is { } nulls && nulls[row];
        if (input.Datatype == "BYTES")
            return column.Values is string[] texts ? texts[row] ?? "" : throw Unfit(input, column, "a text is needed");
        if (column.Values is string[] or DateOnly[] or DateTime[])
            throw Unfit(input, column, "a number is needed");
        var number = missing ? double.NaN : System.Convert.ToDouble(column.Values.GetValue(row), CultureInfo.InvariantCulture);
        try
        {
            return input.Datatype switch
            {
                "FP32" => (float)number,
                "FP64" => number,
                "FP16" => (Half)number,
                "BOOL" => number is 0 or 1 ? number == 1 : throw new OverflowException(),
                "INT64" => column.Values is long[] longs ? longs[row] : Whole<long>(number),
                "INT32" => Whole<int>(number),
                "INT16" => Whole<short>(number),
                "INT8" => Whole<sbyte>(number),
                "UINT64" => Whole<ulong>(number),
                "UINT32" => Whole<uint>(number),
                "UINT16" => Whole<ushort>(number),
                _ => Whole<byte>(number),
            };
        }
        catch (OverflowException)
        {
            throw Unfit(input, column, string.Create(CultureInfo.InvariantCulture, $"row {row} has {number}"));
        }
    }

    private static T Whole<T>(double number)
        where T : System.Numerics.INumber<T> =>
        double.IsInteger(number) ? T.CreateChecked(number) : throw new OverflowException();

    private static ReferenceException Unfit(TensorSpec input, Column column, string why) =>
        new($"Column {column.Name} ({column.TypeName}) cannot fill the model's input `{input}`: {why}.");
}
