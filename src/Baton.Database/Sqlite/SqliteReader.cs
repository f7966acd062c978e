using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Baton.Database.Sqlite;

/// <summary>A connection that only reads, with the statements it keeps prepared.</summary>
internal sealed class SqliteReader(SqliteConnection connection) : IDisposable
{
    public SqliteConnection Connection => connection;

    public SqliteStatements Statements { get; } = new(connection);

    public void Begin() => Statements.Run("BEGIN");

    public void End() => Statements.Run("COMMIT");

    public void Interrupt() => raw.sqlite3_interrupt(connection.Handle);

    public void Dispose()
    {
        Statements.Dispose();
        connection.Dispose();
    }
}
