using Npgsql;

namespace Baton.Database.Postgres;

/// <summary>Statements with numbered parameters; rows travel as one array per column. Npgsql prepares by itself what comes again.</summary>
internal sealed class PostgresStatements(NpgsqlConnection connection) : IStatements
{
    public async Task<int> ExecuteAsync(string sql, object?[] values, CancellationToken ct)
    {
        await using var command = Command(sql, values);
        return await command.ExecuteNonQueryAsync(ct);
    }

    public async Task QueryAsync(string sql, object?[] values, Action<IRow> visit, CancellationToken ct)
    {
        await using var command = Command(sql, values);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var row = new Row(reader);
        while (await reader.ReadAsync(ct))
            visit(row);
    }

    public async Task<int> ExecuteRowsAsync(string sql, RowColumn[] columns, CancellationToken ct)
    {
        if (RowColumn.Count(columns) == 0)
            return 0;
        await using var command = Command(
            sql.Replace("{rows}", RowsOf(columns), StringComparison.Ordinal),
            [.. columns.Select(column => column.Values ?? column.Same)]);
        return await command.ExecuteNonQueryAsync(ct);
    }

    private static string RowsOf(RowColumn[] columns)
    {
        var listed = Enumerable.Range(0, columns.Length).Where(i => columns[i].Values is not null).ToList();
        var chosen = columns.Select((column, i) => column.Values is null ? $"${i + 1}" : $"c{i + 1}");
        return $"SELECT {string.Join(", ", chosen)} FROM unnest({string.Join(", ", listed.Select(i => $"${i + 1}"))}) AS listed ({string.Join(", ", listed.Select(i => $"c{i + 1}"))})";
    }

    private NpgsqlCommand Command(string sql, object?[] values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
            command.Parameters.Add(value switch
            {
                long number => new NpgsqlParameter<long> { TypedValue = number },
                double real => new NpgsqlParameter<double> { TypedValue = real },
                string text => new NpgsqlParameter<string> { TypedValue = text },
                bool flag => new NpgsqlParameter<bool> { TypedValue = flag },
                _ => new NpgsqlParameter { Value = value ?? DBNull.Value },
            });
        return command;
    }

    private sealed class Row(NpgsqlDataReader reader) : IRow
    {
        public bool IsNull(int column) => reader.IsDBNull(column);

        public long Integer(int column) => reader.GetInt64(column);

        public double Real(int column) => reader.GetDouble(column);

        public bool Flag(int column) => reader.GetBoolean(column);

        public string Text(int column) => reader.GetString(column);
    }
}
