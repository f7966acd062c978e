using System.Globalization;
using System.Text.Json;
using Baton.Storage.Tables;

namespace Baton.Verification.Datasets;

/// <summary>Tables in JSON: an object a line, or <c>{"columns": […], "data": [[…], …]}</c> as MLflow's <c>log_table</c> and pandas (orient <c>split</c>) write it.</summary>
internal static class JsonTable
{
    /// <summary>An object a line; a field that a line lacks is absent there.</summary>
    /// <exception cref="InvalidTableException">A line is no object, or a value is no boolean, number or text.</exception>
    public static Table ReadLines(byte[] bytes)
    {
        var columns = new Dictionary<string, List<object?>>();
        var row = 0;
        foreach (var line in Lines(bytes))
        {
            using var document = Parse(line, $"Row {(row + 1).ToString(CultureInfo.InvariantCulture)}");
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw new InvalidTableException(string.Create(CultureInfo.InvariantCulture, $"Row {row + 1} is not an object; each line is one like {{\"id\": 1, \"label\": 0, \"score\": 0.3}}."));
            foreach (var field in document.RootElement.EnumerateObject())
            {
                if (!columns.TryGetValue(field.Name, out var values))
                    columns.Add(field.Name, values = []);
                if (values.Count > row)
                    throw Cells.Fault(field.Name, row, "stands twice in its line");
                Fill(values, row);
                values.Add(Value(field.Value, field.Name, row));
            }

            row++;
        }

        foreach (var values in columns.Values)
            Fill(values, row);
        return columns.Count > 0 ? new Table([.. columns.Select(c => Cells.OfValues(c.Key, c.Value))]) : throw new InvalidTableException("The file holds no row.");
    }

    /// <summary>Columns and rows apart.</summary>
    /// <exception cref="InvalidTableException">It is not of this shape, a row has another length, or a value is no boolean, number or text.</exception>
    public static Table ReadLogTable(byte[] bytes)
    {
        using var document = Parse(bytes, "The file");
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("columns", out var named) || named.ValueKind != JsonValueKind.Array
            || !root.TryGetProperty("data", out var data) || data.ValueKind != JsonValueKind.Array)
            throw new InvalidTableException("The JSON has not the shape that mlflow.log_table writes: {\"columns\": [\"id\", …], \"data\": [[1, …], …]}.");
        var names = named.EnumerateArray().Select(n => n.ToString()).ToList();
        var columns = names.Select(_ => new List<object?>()).ToList();
        var row = 0;
        foreach (var record in data.EnumerateArray())
        {
            if (record.ValueKind != JsonValueKind.Array || record.GetArrayLength() != names.Count)
                throw new InvalidTableException(string.Create(CultureInfo.InvariantCulture, $"Row {row + 1} is not a list of {names.Count} values, one for each column."));
            var i = 0;
            foreach (var value in record.EnumerateArray())
            {
                columns[i].Add(Value(value, names[i], row));
                i++;
            }

            row++;
        }

        return new Table([.. names.Select((name, i) => Cells.OfValues(name, columns[i]))]);
    }

    private static object? Value(JsonElement value, string column, int row) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number => value.TryGetInt64(out var whole) && !value.GetRawText().AsSpan().ContainsAny(".eE") ? (object)whole : value.GetDouble(),
        _ => throw Cells.Fault(column, row, $"holds {(value.ValueKind == JsonValueKind.Array ? "a list" : "an object")}; give each value a column of its own"),
    };

    private static void Fill(List<object?> values, int rows)
    {
        while (values.Count < rows)
            values.Add(null);
    }

    private static JsonDocument Parse(ReadOnlyMemory<byte> json, string where)
    {
        try
        {
            return JsonDocument.Parse(json);
        }
        catch (JsonException e)
        {
            throw new InvalidTableException($"{where} is not JSON: {e.Message}", e);
        }
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Lines(byte[] bytes)
    {
        var start = bytes.AsSpan().StartsWith("\uFEFF"u8) ? 3 : 0;
        while (start < bytes.Length)
        {
            var end = Array.IndexOf(bytes, (byte)'\n', start);
            end = end < 0 ? bytes.Length : end;
            if (bytes.AsSpan(start, end - start).IndexOfAnyExcept(" \t\r"u8) >= 0)
                yield return bytes.AsMemory(start, end - start);
            start = end + 1;
        }
    }
}
