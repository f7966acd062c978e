using System.Globalization;
using Baton.Storage.Tables;
using DuckDB.NET.Data;

namespace Baton.Storage.Query;

/// <summary>Puts blobs and tables before a query under the names that it uses.</summary>
internal static class QueryTables
{
    /// <summary>The statement that makes a view over Parquet files.</summary>
    public static string View(string name, BlobRows rows, IReadOnlyList<string> paths)
    {
        var columns = rows.WithRowNumbers ? [.. rows.Columns, QueryColumn.Whole("file_row_number")] : rows.Columns;
        var source = paths.Count == 0
            ? $"SELECT {string.Join(", ", columns.Select(c => $"NULL::{c.Type} AS {Name(c.Name)}"))} WHERE false"
            : $"SELECT {string.Join(", ", columns.Select(c => Name(c.Name)))} FROM read_parquet([{string.Join(", ", paths.Select(BlobQueries.Quoted))}]"
                + $"{(rows.WithRowNumbers ? ", file_row_number = true" : "")})";
        return $"CREATE TEMP VIEW {Name(name)} AS {source}";
    }

    /// <summary>Makes a table and fills it.</summary>
    public static void Fill(DuckDBConnection connection, string name, Table table)
    {
        var columns = table.Columns.Select(c => $"{Name(c.Name)} {TypeOf(c)}");
        BlobQueries.Execute(connection, $"CREATE TEMP TABLE {Name(name)} ({string.Join(", ", columns)})");
        using var appender = connection.CreateAppender(name);
        for (var row = 0; row < table.Rows; row++)
        {
            var appended = appender.CreateRow();
            foreach (var column in table.Columns)
            {
                if (column.Nulls?[row] == true)
                    appended.AppendNullValue();
                else if (column.Values is string[] texts)
                    appended.AppendValue(texts[row]);
                else if (column.Values is long[] longs)
                    appended.AppendValue((long?)longs[row]);
                else
                    appended.AppendValue((double?)((double[])column.Values)[row]);
            }

            appended.EndRow();
        }
    }

    private static string TypeOf(Column column) => column.Values switch
    {
        string[] => "VARCHAR",
        long[] => "BIGINT",
        double[] => "DOUBLE",
        _ => throw new InvalidTableException(string.Create(
            CultureInfo.InvariantCulture, $"Column '{column.Name}' holds {column.TypeName}s; a query's table can hold text, 64-bit integers and doubles.")),
    };

    private static string Name(string name) => $"\"{name.Replace("\"", "\"\"")}\"";
}
