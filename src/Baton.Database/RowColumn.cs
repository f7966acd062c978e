namespace Baton.Database;

/// <summary>One column of the rows that <see cref="Session.ExecuteRowsAsync"/> writes: a value for each row, or one for all.</summary>
public sealed class RowColumn
{
    private RowColumn(Array? values, object? same)
    {
        Values = values;
        Same = same;
    }

    /// <summary>The values, one for each row; null where one stands for all.</summary>
    internal Array? Values { get; }

    /// <summary>What every row has here.</summary>
    internal object? Same { get; }

    /// <summary>Whole numbers.</summary>
    public static RowColumn Of(long[] values) => new(values, null);

    /// <summary>Reals; none of them NaN, which the engines compare differently.</summary>
    public static RowColumn Of(double[] values) => new(values, null);

    /// <summary>Reals or nulls.</summary>
    public static RowColumn Of(double?[] values) => new(values, null);

    /// <summary>Booleans.</summary>
    public static RowColumn Of(bool[] values) => new(values, null);

    /// <summary>Texts or nulls.</summary>
    public static RowColumn Of(string?[] values) => new(values, null);

    /// <summary>The same number in every row.</summary>
    public static RowColumn OfAll(long value) => new(null, value);

    /// <summary>The same text in every row.</summary>
    public static RowColumn OfAll(string value) => new(null, value);

    /// <summary>How many rows the columns make.</summary>
    /// <exception cref="ArgumentException">They differ in length, or none has a value for each row.</exception>
    internal static int Count(RowColumn[] columns)
    {
        int? count = null;
        foreach (var column in columns)
        {
            if (column.Values is not { Length: var length })
                continue;
            if (count is { } known && known != length)
                throw new ArgumentException($"The columns differ in length: {known} and {length} rows.", nameof(columns));
            count = length;
        }

        return count ?? throw new ArgumentException("No column has a value for each row, so the number of rows is not known.", nameof(columns));
    }
}
