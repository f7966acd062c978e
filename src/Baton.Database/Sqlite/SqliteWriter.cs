using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Baton.Database.Sqlite;

/// <summary>
/// The only writer of a SQLite database. It takes what has queued up, runs each write in a savepoint of one transaction, and commits once:
/// the fsync of a commit is shared by all who wait, and a write that throws takes only itself back.
/// </summary>
/// <remarks>Callers hear of their result, good or bad, only after the commit: a failure may rest on what a neighbour wrote.</remarks>
internal sealed class SqliteWriter : IAsyncDisposable
{
    private const int LargestGroup = 128;
    private const int LongestQueue = 4096;

    private readonly SqliteConnection _connection;
    private readonly Channel<QueuedWrite> _queue = Channel.CreateBounded<QueuedWrite>(new BoundedChannelOptions(LongestQueue) { SingleReader = true });
    private readonly SqliteStatements _statements;
    private readonly SqliteCommand _begin;
    private readonly SqliteCommand _savepoint;
    private readonly SqliteCommand _rollbackTo;
    private readonly SqliteCommand _release;
    private readonly SqliteCommand _commit;
    private readonly Task _loop;
    private Exception? _diskFailure;

    public SqliteWriter(SqliteConnection connection)
    {
        _connection = connection;
        _statements = new SqliteStatements(connection);
        _begin = Prepared("BEGIN IMMEDIATE");
        _savepoint = Prepared("SAVEPOINT write");
        _rollbackTo = Prepared("ROLLBACK TO write");
        _release = Prepared("RELEASE write");
        _commit = Prepared("COMMIT");
        _loop = Task.Run(LoopAsync);
    }

    private bool InTransaction => raw.sqlite3_get_autocommit(_connection.Handle) == 0;

    public async Task<T> WriteAsync<T>(Func<Session, Task<T>> write, CancellationToken ct)
    {
        using var queued = new QueuedWrite<T>(write, ct);
        try
        {
            await _queue.Writer.WriteAsync(queued, ct);
        }
        catch (ChannelClosedException)
        {
            throw new ObjectDisposedException(nameof(BatonDatabase), "The database is closed; it takes no more writes.");
        }

        return await queued.Completion;
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _loop;
        foreach (var command in new[] { _begin, _savepoint, _rollbackTo, _release, _commit })
            await command.DisposeAsync();
        _statements.Dispose();
        await _connection.DisposeAsync();
    }

    private async Task LoopAsync()
    {
        var group = new List<QueuedWrite>(LargestGroup);
        while (await _queue.Reader.WaitToReadAsync())
        {
            group.Clear();
            while (group.Count < LargestGroup && _queue.Reader.TryRead(out var write))
                if (write.TryStart())
                    group.Add(write);
            if (group.Count > 0)
                await WriteAsync(group);
        }
    }

    private async Task WriteAsync(List<QueuedWrite> group)
    {
        try
        {
            if (_diskFailure is not null)
                throw new DatabaseUnavailableException("The database takes no writes since its disk failed; check the disk and restart.", _diskFailure);
            _begin.ExecuteNonQuery();
            foreach (var write in group)
                await WriteAsync(write);
            _commit.ExecuteNonQuery();
        }
        catch (Exception failure)
        {
            if (SqliteErrors.LeavesDiskUnsure(failure))
                _diskFailure = failure;
            if (InTransaction)
                RollBack();
            var told = SqliteErrors.Translate(failure);
            group.ForEach(write => write.Fail(told));
            return;
        }

        group.ForEach(write => write.Complete());
    }

    private async Task WriteAsync(QueuedWrite write)
    {
        _savepoint.ExecuteNonQuery();
        await write.RunAsync(ct => new Session(Dialect.Sqlite, _connection, _statements, SqliteErrors.Translate, ct));
        if (!InTransaction)
            throw new DatabaseUnavailableException("SQLite gave up a transaction (disk full, out of memory, or a disk failure); nothing of it was written.");
        if (!write.Succeeded)
            _rollbackTo.ExecuteNonQuery();
        _release.ExecuteNonQuery();
    }

    private void RollBack()
    {
        try
        {
            using var rollback = Prepared("ROLLBACK");
            rollback.ExecuteNonQuery();
        }
        catch (SqliteException failure)
        {
            // Without a rollback the next group would join this one's transaction.
            _diskFailure = failure;
        }
    }

    private SqliteCommand Prepared(string sql)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        return command;
    }
}
