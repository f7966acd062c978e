using System.Globalization;

namespace Baton.Inference;

/// <summary>A named tensor: values in row-major order and their shape.</summary>
public sealed class Tensor
{
    /// <summary>A tensor around an array, which is not copied.</summary>
    /// <param name="name">Name of the model's input or output.</param>
    /// <param name="shape">Dimensions, none negative; their product is the number of values.</param>
    /// <param name="values">A one-dimensional array: bool, sbyte … ulong, <see cref="Half"/>, float, double or string.</param>
    /// <exception cref="ModelInputException">Shape and number of values differ, or no datatype carries such values.</exception>
    public Tensor(string name, IReadOnlyList<long> shape, Array values)
    {
        Name = name;
        Shape = shape;
        Values = values;
        Datatype = Datatypes.Of(values.GetType().GetElementType()!)
            ?? throw new ModelInputException(
                $"Tensor '{name}': an array of {values.GetType().GetElementType()} is no tensor; give numbers, booleans or strings.");
        if (values.Rank != 1 || shape.Any(d => d < 0) || shape.Aggregate((Int128)1, (product, d) => product * d) != values.Length)
            throw new ModelInputException($"Tensor '{name}': shape [{string.Join(", ", shape)}] does not hold {values.Length} values.");
    }

    /// <summary>Name of the model's input or output.</summary>
    public string Name { get; }

    /// <summary>Open Inference Protocol datatype, e.g. <c>FP32</c>.</summary>
    public string Datatype { get; }

    /// <summary>Dimensions.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>The values in row-major order: <c>float[]</c> for FP32, <c>string[]</c> for BYTES, and so on (<see cref="Datatypes"/>).</summary>
    public Array Values { get; }

    /// <summary>Size of the first dimension; 1 for a scalar.</summary>
    public int Rows => Shape.Count == 0 ? 1 : checked((int)Shape[0]);

    /// <summary>Values of one row; 1 for a vector and a scalar.</summary>
    public int Width => Rows == 0 ? checked((int)Shape.Skip(1).Aggregate(1L, (product, d) => product * d)) : Values.Length / Rows;

    /// <summary>One value of every row, as doubles: column <paramref name="column"/> of a matrix, 0 of a vector. Booleans are 0 and 1.</summary>
    /// <exception cref="InvalidOperationException">The tensor holds text, or has no such column.</exception>
    public double[] ColumnAsDoubles(int column = 0)
    {
        if (Datatype == "BYTES")
            throw new InvalidOperationException($"Tensor '{Name}' holds text (BYTES), not numbers.");
        if (column < 0 || column >= Width)
            throw new InvalidOperationException($"Tensor '{Name}' [{string.Join(", ", Shape)}] has no column {column}; columns are 0 to {Width - 1}.");
        var (rows, width) = (Rows, Width);
        var numbers = new double[rows];
        for (var row = 0; row < rows; row++)
            numbers[row] = NumberAt(row * width + column);
        return numbers;
    }

    private double NumberAt(int index) => Datatype switch
    {
        "FP32" => ((float[])Values)[index],
        "FP64" => ((double[])Values)[index],
        "INT64" => ((long[])Values)[index],
        "FP16" => (double)((Half[])Values)[index],
        _ => Convert.ToDouble(Values.GetValue(index), CultureInfo.InvariantCulture),
    };

    /// <inheritdoc />
    public override string ToString() => $"{Name} {Datatype} [{string.Join(", ", Shape)}]";
}
