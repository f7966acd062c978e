using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Baton.Database.Sqlite;

/// <summary>SQLite: one writer, and a few readers that each see the moment their read began.</summary>
internal sealed class SqliteConnector(string file) : IConnector
{
    private const int MostReaders = 16;
    private const int WriterCacheKibibytes = 32 * 1024;
    private const int CheckpointPages = 4000;

    // Long enough for another process's short write, short enough to answer "unavailable" while the client still listens.
    private const int BusyMilliseconds = 1500;
    private const int MigrationBusyMilliseconds = 60_000;

    private readonly string _path = Path.GetFullPath(file);
    private readonly ConcurrentBag<SqliteReader> _idle = [];
    private readonly SemaphoreSlim _readers = new(MostReaders);
    private SqliteWriter? _writer;
    private volatile bool _closed;

    public Dialect Dialect => Dialect.Sqlite;

    public async Task OpenAsync(Migrator migrator, CancellationToken ct)
    {
        if (file is ":memory:")
            throw new DatabaseException("sqlite::memory: cannot be used, because every connection would see a database of its own: name a file.");
        if (!Directory.Exists(Path.GetDirectoryName(_path)))
            throw new DatabaseException($"The database {_path} cannot be opened: its folder does not exist. Make the folder or name another file.");
        SqliteConnection? connection = null;
        try
        {
            connection = Connect();
            if (Scalar(connection, "PRAGMA journal_mode = WAL") is not "wal")
                throw new DatabaseException($"The database {_path} cannot be used: its file system does not support SQLite's WAL mode. Use a local disk.");
            await MigrateAsync(connection, migrator, ct);
            // The pages that runs append to stay in memory, and are copied back from the log once for many commits.
            Execute(connection, $"PRAGMA cache_size = -{WriterCacheKibibytes}; PRAGMA wal_autocheckpoint = {CheckpointPages}");
            _writer = new SqliteWriter(connection);
            connection = null;
        }
        catch (SqliteException failure)
        {
            var told = SqliteErrors.Translate(failure);
            var message = $"The database {_path} cannot be opened: {told.Message}";
            throw told is DatabaseUnavailableException ? new DatabaseUnavailableException(message, failure) : new DatabaseException(message, failure);
        }
        finally
        {
            if (connection is not null)
                await connection.DisposeAsync();
        }
    }

    public async Task<T> ReadAsync<T>(Func<Session, Task<T>> read, CancellationToken ct)
    {
        ObjectDisposedException.ThrowIf(_closed, typeof(BatonDatabase));
        await _readers.WaitAsync(ct);
        SqliteReader? reader = null;
        try
        {
            reader = Borrow();
            reader.Begin();
            T result;
            // SQLite runs on the calling thread and does not look at tokens, so a long search is interrupted from outside.
            await using (ct.Register(reader.Interrupt))
                result = await read(new Session(Dialect, reader.Connection, reader.Statements, SqliteErrors.Translate, ct));
            reader.End();
            Return(reader);
            reader = null;
            return result;
        }
        catch (SqliteException failure)
        {
            throw SqliteErrors.Translate(failure);
        }
        finally
        {
            // A connection whose read failed is closed rather than brought back into order.
            reader?.Dispose();
            _readers.Release();
        }
    }

    public Task<T> WriteAsync<T>(Func<Session, Task<T>> write, CancellationToken ct) => _writer!.WriteAsync(write, ct);

    public async ValueTask DisposeAsync()
    {
        _closed = true;
        if (_writer is not null)
            await _writer.DisposeAsync();
        while (_idle.TryTake(out var reader))
            reader.Dispose();
    }

    private async Task MigrateAsync(SqliteConnection connection, Migrator migrator, CancellationToken ct)
    {
        Execute(connection, $"PRAGMA busy_timeout = {MigrationBusyMilliseconds}");
        var (applied, pending) = await migrator.CompareAsync(connection, ct);
        if (applied > 0 && pending.Count > 0)
            BackUp(connection, applied, migrator.Time);
        foreach (var step in pending)
        {
            Execute(connection, "BEGIN IMMEDIATE");
            try
            {
                await migrator.ApplyAsync(connection, step, ct);
                Execute(connection, "COMMIT");
            }
            catch
            {
                if (raw.sqlite3_get_autocommit(connection.Handle) == 0)
                    Execute(connection, "ROLLBACK");
                throw;
            }
        }

        Execute(connection, $"PRAGMA busy_timeout = {BusyMilliseconds}");
    }

    // A copy gets its final name only when it is complete, so that whatever bears the name can be restored.
    private void BackUp(SqliteConnection connection, int applied, TimeProvider time)
    {
        var moment = time.GetUtcNow().ToString("yyyyMMdd'T'HHmmssfff'Z'", CultureInfo.InvariantCulture);
        var target = $"{_path}.schema-{applied:0000}-{moment}.backup";
        var partial = target + ".partial";
        using (var command = connection.CreateCommand())
        {
            command.CommandText = "VACUUM INTO @partial";
            command.Parameters.AddWithValue("@partial", partial);
            command.ExecuteNonQuery();
        }

        File.Move(partial, target);
    }

    private SqliteReader Borrow()
    {
        if (_idle.TryTake(out var idle))
            return idle;
        var connection = Connect();
        Execute(connection, "PRAGMA query_only = ON");
        return new SqliteReader(connection);
    }

    private void Return(SqliteReader reader)
    {
        _idle.Add(reader);
        if (_closed && _idle.TryTake(out var late))
            late.Dispose();
    }

    private SqliteConnection Connect()
    {
        // DefaultTimeout bounds the provider's own retries on a locked database; waiting is left to SQLite's busy handler.
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = _path,
            Mode = SqliteOpenMode.ReadWriteCreate,
            Pooling = false,
            ForeignKeys = true,
            DefaultTimeout = 1,
        }.ConnectionString);
        connection.Open();
        Execute(connection, $"PRAGMA busy_timeout = {BusyMilliseconds}; PRAGMA synchronous = FULL");
        return connection;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static object? Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
