using Parquet;
using Parquet.Schema;

namespace Baton.Storage.Tables;

/// <summary>Writes columns into row groups.</summary>
internal static class ColumnWriter
{
    /// <summary>The schema of a table: a column is nullable where a value is absent.</summary>
    public static IReadOnlyList<DataField> FieldsOf(Table table) => [.. table.Columns.Select(FieldOf)];

    /// <summary>Writes <paramref name="count"/> values of a column from row <paramref name="start"/> on.</summary>
    public static Task WriteAsync(
        ParquetRowGroupWriter group, DataField field, Column column, int start, int count, CancellationToken cancellation) => column.Values switch
        {
            bool[] v => WriteAsync(group, field, v, column.Nulls, start, count, cancellation),
            int[] v => WriteAsync(group, field, v, column.Nulls, start, count, cancellation),
            long[] v => WriteAsync(group, field, v, column.Nulls, start, count, cancellation),
            float[] v => WriteAsync(group, field, v, column.Nulls, start, count, cancellation),
            double[] v => WriteAsync(group, field, v, column.Nulls, start, count, cancellation),
            DateOnly[] v => WriteAsync(group, field, v, column.Nulls, start, count, cancellation),
            DateTime[] v => WriteAsync(group, field, v, column.Nulls, start, count, cancellation),
            string[] v => group.WriteAsync(field, Texts(v, column.Nulls, start, count)!),
            _ => throw new InvalidOperationException($"Column '{column.Name}' holds {column.Values.GetType()}."),
        };

    private static DataField FieldOf(Column column)
    {
        var nullable = column.Nulls is not null;
        return column.Values switch
        {
            DateTime[] => new DateTimeDataField(column.Name, DateTimeFormat.Timestamp, true, DateTimeTimeUnit.Micros, nullable),
            _ => new DataField(column.Name, column.Values.GetType().GetElementType()!, nullable),
        };
    }

    private static Task WriteAsync<T>(
        ParquetRowGroupWriter group, DataField field, T[] values, bool[]? nulls, int start, int count, CancellationToken cancellation)
        where T : struct
    {
        if (nulls is null)
            return group.WriteAsync<T>(field, values.AsMemory(start, count), null, null, cancellation);
        var nullable = new T?[count];
        for (var i = 0; i < count; i++)
            nullable[i] = nulls[start + i] ? null : values[start + i];
        return group.WriteAsync<T>(field, nullable.AsMemory(), null, null, cancellation);
    }

    private static string?[] Texts(string[] values, bool[]? nulls, int start, int count)
    {
        var texts = new string?[count];
        for (var i = 0; i < count; i++)
            texts[i] = nulls?[start + i] == true ? null : values[start + i];
        return texts;
    }
}
