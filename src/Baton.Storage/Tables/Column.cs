using System.Globalization;

namespace Baton.Storage.Tables;

/// <summary>One column of a table.</summary>
public sealed class Column
{
    private static readonly Type[] Held =
        [typeof(bool), typeof(int), typeof(long), typeof(float), typeof(double), typeof(string), typeof(DateOnly), typeof(DateTime)];

    /// <summary>A column around an array, which is not copied.</summary>
    /// <param name="name">Name.</param>
    /// <param name="values">bool[], int[], long[], float[], double[], string[], <see cref="DateOnly"/>[] or UTC <see cref="DateTime"/>[].</param>
    /// <param name="nulls">True where the value is absent; null where none is.</param>
    public Column(string name, Array values, bool[]? nulls = null)
    {
        if (!Held.Contains(values.GetType().GetElementType()))
        {
            throw new InvalidTableException(
                $"Column '{name}' cannot hold {values.GetType().GetElementType()}; it can hold {string.Join(", ", Held.Select(t => t.Name))}.");
        }

        if (nulls is not null && nulls.Length != values.Length)
            throw new InvalidTableException($"Column '{name}' has {values.Length} values and {nulls.Length} null marks.");
        Name = name;
        Values = values;
        Nulls = nulls;
    }

    /// <summary>Name.</summary>
    public string Name { get; }

    /// <summary>The values, by row: an array of one of the types of the constructor; the type's default where a value is absent.</summary>
    public Array Values { get; }

    /// <summary>True where a value is absent; null where none is.</summary>
    public bool[]? Nulls { get; }

    /// <summary>Number of rows.</summary>
    public int Rows => Values.Length;

    /// <summary>Type of the values in words, e.g. <c>double</c>, <c>string</c>, <c>date</c>.</summary>
    public string TypeName => Values switch
    {
        bool[] => "bool",
        int[] => "int32",
        long[] => "int64",
        float[] => "float",
        double[] => "double",
        string[] => "string",
        DateOnly[] => "date",
        _ => "timestamp",
    };

    /// <summary>The values as doubles: booleans as 0 and 1, absent ones as NaN.</summary>
    /// <exception cref="InvalidTableException">The column holds text or dates.</exception>
    public double[] AsDoubles()
    {
        double[] numbers = Values switch
        {
            double[] v => [.. v],
            float[] v => Array.ConvertAll(v, x => (double)x),
            long[] v => Array.ConvertAll(v, x => (double)x),
            int[] v => Array.ConvertAll(v, x => (double)x),
            bool[] v => Array.ConvertAll(v, x => x ? 1d : 0d),
            _ => throw new InvalidTableException($"Column '{Name}' holds {TypeName}s, and numbers are needed."),
        };
        for (var i = 0; i < Nulls?.Length; i++)
        {
            if (Nulls[i])
                numbers[i] = double.NaN;
        }

        return numbers;
    }

    /// <summary>
    /// The values as text that does not depend on the machine: dates as <c>yyyy-MM-dd</c>, timestamps as ISO 8601 UTC, absent ones as empty text.
    /// </summary>
    public string[] AsStrings()
    {
        var invariant = CultureInfo.InvariantCulture;
        string[] texts = Values switch
        {
            string[] v => [.. v],
            DateOnly[] v => Array.ConvertAll(v, x => x.ToString("yyyy-MM-dd", invariant)),
            DateTime[] v => Array.ConvertAll(v, x => x.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", invariant)),
            long[] v => Array.ConvertAll(v, x => x.ToString(invariant)),
            int[] v => Array.ConvertAll(v, x => x.ToString(invariant)),
            bool[] v => Array.ConvertAll(v, x => x ? "true" : "false"),
            double[] v => Array.ConvertAll(v, x => x.ToString("R", invariant)),
            float[] v => Array.ConvertAll(v, x => x.ToString("R", invariant)),
            _ => throw new InvalidOperationException($"Column '{Name}' holds {Values.GetType()}."),
        };
        for (var i = 0; i < Nulls?.Length; i++)
        {
            if (Nulls[i])
                texts[i] = "";
        }

        return texts;
    }

    /// <inheritdoc />
    public override string ToString() => $"{Name} {TypeName}";
}
