namespace Baton.Storage.Tables;

/// <summary>Named columns of equal length.</summary>
public sealed class Table
{
    private readonly Dictionary<string, Column> _byName = new(StringComparer.Ordinal);

    /// <summary>A table of these columns.</summary>
    /// <exception cref="InvalidTableException">Two columns share a name, or their lengths differ.</exception>
    public Table(IReadOnlyList<Column> columns)
        : this(columns, columns.Count == 0 ? 0 : columns[0].Rows)
    {
    }

    /// <summary>A table of these columns, with its number of rows where there may be no column.</summary>
    internal Table(IReadOnlyList<Column> columns, int rows)
    {
        Columns = columns;
        Rows = rows;
        foreach (var column in columns)
        {
            if (column.Rows != rows)
                throw new InvalidTableException($"Column '{column.Name}' has {column.Rows} rows where the table has {rows}.");
            if (!_byName.TryAdd(column.Name, column))
                throw new InvalidTableException($"There are two columns '{column.Name}'; a table needs each name once.");
        }
    }

    /// <summary>Number of rows.</summary>
    public int Rows { get; }

    /// <summary>The columns in their order.</summary>
    public IReadOnlyList<Column> Columns { get; }

    /// <summary>The column of a name.</summary>
    /// <exception cref="InvalidTableException">There is none; the message names those there are.</exception>
    public Column this[string name] => Find(name) ?? throw NoColumn(name, Columns.Select(c => c.Name));

    /// <summary>The column of a name; null where there is none.</summary>
    public Column? Find(string name) => _byName.GetValueOrDefault(name);

    internal static InvalidTableException NoColumn(string name, IEnumerable<string> names) =>
        new($"There is no column '{name}'; the columns are {string.Join(", ", names.DefaultIfEmpty("none"))}.");
}
