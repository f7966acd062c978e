using Npgsql;

namespace Baton.Database.Postgres;

/// <summary>
/// Statements with numbered parameters; rows travel as one array per column. Npgsql prepares by itself what comes again. What a statement costs
/// here is mostly its round trip, so those that are run together make one.
/// </summary>
internal sealed class PostgresStatements(NpgsqlConnection connection) : IStatements
{
    public async Task<int> RunAsync(IReadOnlyList<Statement> statements, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var statement in statements)
            batch.BatchCommands.Add(Command(statement));
        await using (var reader = await batch.ExecuteReaderAsync(ct))
        {
            // Only a statement that finds rows makes a result, be it an empty one, and those are the ones with a visitor.
            var row = new Row(reader);
            foreach (var statement in statements)
            {
                if (statement.Visit is null)
                    continue;
                while (await reader.ReadAsync(ct))
                    statement.Visit(row);
                await reader.NextResultAsync(ct);
            }

            // Reading to the end brings out the failure of a statement that finds no rows.
            while (await reader.NextResultAsync(ct))
            {
            }
        }

        return batch.BatchCommands[^1].RecordsAffected;
    }

    private static NpgsqlBatchCommand Command(Statement statement)
    {
        var command = new NpgsqlBatchCommand(
            statement.Rows is { } rows ? statement.Sql.Replace("{rows}", RowsOf(rows), StringComparison.Ordinal) : statement.Sql);
        foreach (var value in statement.Values)
            command.Parameters.Add(Parameter(value));
        foreach (var column in statement.Rows ?? [])
            command.Parameters.Add(Parameter(column.Values ?? column.Same));
        return command;
    }

    private static string RowsOf(RowColumn[] columns)
    {
        var listed = Enumerable.Range(0, columns.Length).Where(i => columns[i].Values is not null).ToList();
        var chosen = columns.Select((column, i) => column.Values is null ? $"${i + 1}" : $"c{i + 1}");
        return $"SELECT {string.Join(", ", chosen)} FROM unnest({string.Join(", ", listed.Select(i => $"${i + 1}"))}) AS listed ({string.Join(", ", listed.Select(i => $"c{i + 1}"))})";
    }

    private static NpgsqlParameter Parameter(object? value) => value switch
    {
        long number => new NpgsqlParameter<long> { TypedValue = number },
        double real => new NpgsqlParameter<double> { TypedValue = real },
        string text => new NpgsqlParameter<string> { TypedValue = text },
        bool flag => new NpgsqlParameter<bool> { TypedValue = flag },
        _ => new NpgsqlParameter { Value = value ?? DBNull.Value },
    };

    private sealed class Row(NpgsqlDataReader reader) : IRow
    {
        public bool IsNull(int column) => reader.IsDBNull(column);

        public long Integer(int column) => reader.GetInt64(column);

        public double Real(int column) => reader.GetDouble(column);

        public bool Flag(int column) => reader.GetBoolean(column);

        public string Text(int column) => reader.GetString(column);
    }
}
