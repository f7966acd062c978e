namespace Baton.Database;

/// <summary>The statements a connection keeps prepared: one engine's fast way to run the same text many times.</summary>
internal interface IStatements
{
    Task<int> ExecuteAsync(string sql, object?[] values, CancellationToken ct);

    Task QueryAsync(string sql, object?[] values, Action<IRow> visit, CancellationToken ct);

    Task<int> ExecuteRowsAsync(string sql, RowColumn[] columns, CancellationToken ct);
}
