using Parquet;
using Parquet.Schema;

namespace Baton.Storage.Tables;

/// <summary>Reads columns of an open Parquet file over all its row groups.</summary>
internal sealed class ColumnReader(ParquetReader reader)
{
    /// <summary>Number of rows and names of columns.</summary>
    public TableHead Head() => new(Rows(), [.. reader.Schema.Fields.Select(f => f.Name)])
    {
        Types = [.. reader.Schema.Fields.Select(f => (f.Name, TypeOf(f)))],
    };

    /// <summary>Reads the named columns, or all.</summary>
    public async Task<Table> ReadAsync(IReadOnlyCollection<string>? names, CancellationToken cancellation)
    {
        var rows = Rows();
        if (rows > Array.MaxLength)
            throw new InvalidTableException($"The Parquet file declares {rows:N0} rows; at most {Array.MaxLength:N0} can be read at once.");
        var columns = new List<Column>();
        foreach (var field in Chosen(names))
            columns.Add(await ReadAsync(field, (int)rows, cancellation).ConfigureAwait(false));
        return new Table(columns, (int)rows);
    }

    private long Rows()
    {
        var groups = reader.RowGroups;
        return groups.All(g => g.RowCount >= 0)
            ? groups.Sum(g => g.RowCount)
            : throw new InvalidTableException("The Parquet file is damaged: it declares a negative number of rows.");
    }

    private IEnumerable<Field> Chosen(IReadOnlyCollection<string>? names)
    {
        var fields = reader.Schema.Fields;
        if (names is null)
            return fields;
        foreach (var name in names)
        {
            if (fields.All(f => f.Name != name))
                throw Table.NoColumn(name, fields.Select(f => f.Name));
        }

        return fields.Where(f => names.Contains(f.Name));
    }

    private Task<Column> ReadAsync(Field field, int rows, CancellationToken cancellation)
    {
        if (field is not DataField { IsArray: false, MaxRepetitionLevel: 0 } data)
            throw Unsupported(field, "nested values");
        return data.ClrType switch
        {
            var t when t == typeof(bool) => ReadAsync<bool, bool>(data, rows, x => x, cancellation),
            var t when t == typeof(sbyte) => ReadAsync<sbyte, int>(data, rows, x => x, cancellation),
            var t when t == typeof(byte) => ReadAsync<byte, int>(data, rows, x => x, cancellation),
            var t when t == typeof(short) => ReadAsync<short, int>(data, rows, x => x, cancellation),
            var t when t == typeof(ushort) => ReadAsync<ushort, int>(data, rows, x => x, cancellation),
            var t when t == typeof(int) => ReadAsync<int, int>(data, rows, x => x, cancellation),
            var t when t == typeof(uint) => ReadAsync<uint, long>(data, rows, x => x, cancellation),
            var t when t == typeof(long) => ReadAsync<long, long>(data, rows, x => x, cancellation),
            var t when t == typeof(float) => ReadAsync<float, float>(data, rows, x => x, cancellation),
            var t when t == typeof(double) => ReadAsync<double, double>(data, rows, x => x, cancellation),
            var t when t == typeof(decimal) => ReadAsync<decimal, double>(data, rows, x => (double)x, cancellation),
            var t when t == typeof(DateOnly) => ReadAsync<DateOnly, DateOnly>(data, rows, x => x, cancellation),
            var t when t == typeof(DateTime) => ReadAsync<DateTime, DateTime>(data, rows, x => DateTime.SpecifyKind(x, DateTimeKind.Utc), cancellation),
            var t when t == typeof(string) || t == typeof(ReadOnlyMemory<char>) => ReadTextAsync(data, rows, cancellation),
            var t => throw Unsupported(field, t == typeof(byte[]) || t == typeof(ReadOnlyMemory<byte>) ? "bytes" : $"{t.Name} values"),
        };
    }

    private async Task<Column> ReadAsync<TStored, T>(DataField field, int rows, Func<TStored, T> convert, CancellationToken cancellation)
        where TStored : struct
    {
        var values = new T[rows];
        bool[]? nulls = null;
        var row = 0;
        foreach (var group in reader.RowGroups)
        {
            var count = (int)group.RowCount;
            if (field.IsNullable)
            {
                var stored = new TStored?[count];
                await group.ReadAsync<TStored>(field, stored.AsMemory(), null, cancellation).ConfigureAwait(false);
                for (var i = 0; i < count; i++)
                {
                    if (stored[i] is { } value)
                        values[row + i] = convert(value);
                    else
                        (nulls ??= new bool[rows])[row + i] = true;
                }
            }
            else
            {
                var stored = new TStored[count];
                await group.ReadAsync<TStored>(field, stored.AsMemory(), null, cancellation).ConfigureAwait(false);
                for (var i = 0; i < count; i++)
                    values[row + i] = convert(stored[i]);
            }

            row += count;
        }

        return new Column(field.Name, values, nulls);
    }

    private async Task<Column> ReadTextAsync(DataField field, int rows, CancellationToken cancellation)
    {
        var values = new string?[rows];
        bool[]? nulls = null;
        var row = 0;
        foreach (var group in reader.RowGroups)
        {
            var count = (int)group.RowCount;
            await group.ReadAsync(field, values.AsMemory(row, count)!, null, cancellation).ConfigureAwait(false);
            row += count;
        }

        for (var i = 0; i < rows; i++)
        {
            if (values[i] is null)
                (values[i], (nulls ??= new bool[rows])[i]) = ("", true);
        }

        return new Column(field.Name, values, nulls);
    }

    private static string TypeOf(Field field) => field is not DataField { IsArray: false, MaxRepetitionLevel: 0 } data ? "nested"
        : data.ClrType == typeof(string) || data.ClrType == typeof(ReadOnlyMemory<char>) ? "VARCHAR"
        : data.ClrType == typeof(long) ? "BIGINT"
        : data.ClrType == typeof(int) ? "INTEGER"
        : data.ClrType == typeof(double) ? "DOUBLE"
        : data.ClrType == typeof(float) ? "FLOAT"
        : data.ClrType == typeof(bool) ? "BOOLEAN"
        : data.ClrType.Name;

    private static InvalidTableException Unsupported(Field field, string what) => new(
        $"Column '{field.Name}' holds {what}, which Baton does not read; a column may hold booleans, integers, floats, decimals, text, dates or timestamps.");
}
