using Baton.Database.Postgres;
using Baton.Database.Sqlite;

namespace Baton.Database;

/// <summary>
/// The relational store: reads see one consistent moment, a write is one transaction. A delegate uses the session it is given and nothing
/// else of the database: a read or write inside another one is refused, because it could wait for itself.
/// </summary>
public sealed class BatonDatabase : IAsyncDisposable
{
    private static readonly TimeSpan WriteLimit = TimeSpan.FromSeconds(30);

    private readonly IConnector _connector;
    private readonly TimeSpan _writeLimit;
    private readonly AsyncLocal<Session?> _inside = new();

    private BatonDatabase(IConnector connector, TimeSpan writeLimit)
    {
        _connector = connector;
        _writeLimit = writeLimit;
    }

    /// <summary>What the engine at hand writes differently.</summary>
    public Dialect Dialect => _connector.Dialect;

    /// <summary>Opens a database and brings its schema up to date.</summary>
    /// <param name="connection"><c>sqlite:FILE</c> or <c>postgres:Host=…;Database=…;Username=…</c>.</param>
    /// <param name="time">Dates the migrations and their backup.</param>
    /// <param name="ct">Gives up opening.</param>
    /// <exception cref="DatabaseException">It cannot be opened, or its schema is not one this binary can use; the message says what to do.</exception>
    public static Task<BatonDatabase> OpenAsync(string connection, TimeProvider time, CancellationToken ct = default) =>
        OpenAsync(connection, time, Migration.Embedded, ct);

    internal static async Task<BatonDatabase> OpenAsync(
        string connection, TimeProvider time, Func<Engine, IReadOnlyList<Migration>> migrations, CancellationToken ct = default, TimeSpan? writeLimit = null)
    {
        IConnector connector = connection.Split(':', 2) switch
        {
            ["sqlite", { Length: > 0 } file] => new SqliteConnector(file),
            ["postgres", { Length: > 0 } text] => new PostgresConnector(text),
            _ => throw new DatabaseException(
                $"The database '{Shown(connection)}' is of no known kind: write sqlite:FILE or postgres:Host=…;Database=…;Username=…."),
        };
        try
        {
            await connector.OpenAsync(new Migrator(migrations(connector.Dialect.Engine), time), ct);
            return new BatonDatabase(connector, writeLimit ?? WriteLimit);
        }
        catch
        {
            await connector.DisposeAsync();
            throw;
        }
    }

    /// <summary>Reads: every statement of the delegate sees the same moment, and none can write.</summary>
    /// <exception cref="DatabaseUnavailableException">The database cannot answer now.</exception>
    /// <exception cref="InvalidOperationException">Called inside another read or write.</exception>
    public async Task<T> ReadAsync<T>(Func<Session, Task<T>> read, CancellationToken ct = default)
    {
        RefuseNesting("read");
        return await _connector.ReadAsync(Entered(read, Timeout.InfiniteTimeSpan), ct);
    }

    /// <summary>
    /// Writes: all of the delegate or nothing of it. When the task completes the change is durable; when the delegate throws, nothing of it
    /// stays and its exception reaches the caller. Cancelling before the write starts withdraws it.
    /// </summary>
    /// <remarks>
    /// On SQLite writes run one after the other, so they see each other's results; on PostgreSQL they run side by side at READ COMMITTED:
    /// lock what you decide on with <see cref="Dialect.ForUpdate"/> or lean on a unique key. There a delegate may run again after a
    /// deadlock, so it must not change anything but the database. A write still unfinished after 30 s is undone: on SQLite all others wait for it.
    /// </remarks>
    /// <exception cref="UniqueViolationException">A key exists already.</exception>
    /// <exception cref="DatabaseUnavailableException">The database cannot take the write now; the message says if it may have happened.</exception>
    /// <exception cref="InvalidOperationException">Called inside another read or write.</exception>
    public async Task<T> WriteAsync<T>(Func<Session, Task<T>> write, CancellationToken ct = default)
    {
        RefuseNesting("write");
        return await _connector.WriteAsync(Entered(write, _writeLimit), ct);
    }

    /// <summary>Finishes the writes already queued and closes every connection.</summary>
    public ValueTask DisposeAsync() => _connector.DisposeAsync();

    private Func<Session, Task<T>> Entered<T>(Func<Session, Task<T>> work, TimeSpan limit) => async session =>
    {
        _inside.Value = session;
        T result;
        Task<T>? running = null;
        try
        {
            running = work(session);
            result = await running.WaitAsync(limit);
        }
        catch (TimeoutException) when (running is { IsCompleted: false })
        {
            throw new DatabaseException(
                $"A write was not finished after {limit.TotalSeconds:0.#} s and was undone: it waits for something other than the database.");
        }
        finally
        {
            await session.EndAsync();
        }

        return session.Failure is { } swallowed
            ? throw new DatabaseException("A statement failed, so nothing was written, though the code that sent it went on.", swallowed)
            : result;
    };

    private void RefuseNesting(string what)
    {
        if (_inside.Value is { Ended: false })
            throw new InvalidOperationException($"A {what} was begun inside another read or write, which could wait for itself: use the session at hand.");
    }

    // A connection string can hold a password, so only the part before the first '=' is ever shown.
    private static string Shown(string connection) => connection.Split('=', 2) is [var start, _] ? start + "=…" : connection;
}
