using System.Data;
using System.Security.Cryptography;
using Dapper;
using Npgsql;

namespace Baton.Database.Postgres;

/// <summary>PostgreSQL through a connection pool: reads at REPEATABLE READ, writes at READ COMMITTED.</summary>
internal sealed class PostgresConnector(string connectionString) : IConnector
{
    private const int MostAttempts = 5;
    private const int LongestFirstPauseMilliseconds = 20;

    // Any number that no other program on the same database uses for its advisory locks: the letters BATN.
    private const long MigrationLock = 0x4241544E;

    // Before the given text, so that the given text wins. Npgsql's own defaults wait 15 s for a server that is gone, never notice a dead peer,
    // have the server parse every statement anew, and send it seven more each time a connection is taken, to undo settings that nobody here makes.
    private const string Defaults = "Application Name=baton;Timeout=5;Command Timeout=30;Keepalive=30;Tcp Keepalive=true;Max Auto Prepare=100;Auto Prepare Min Usages=3;No Reset On Close=true;";

    private static readonly Statement ReadOnly = new("SET TRANSACTION READ ONLY", []);
    private static readonly Statement Commit = new("COMMIT", []);

    private NpgsqlDataSource? _source;

    public Dialect Dialect => Dialect.Postgres;

    public async Task OpenAsync(Migrator migrator, CancellationToken ct)
    {
        NpgsqlConnectionStringBuilder settings;
        try
        {
            settings = new NpgsqlConnectionStringBuilder(Defaults + connectionString);
            _source = NpgsqlDataSource.Create(settings);
        }
        catch (Exception wrong) when (wrong is ArgumentException or FormatException or InvalidOperationException)
        {
            throw new DatabaseException($"The PostgreSQL connection is not understood: {wrong.Message} Expected postgres:Host=…;Database=…;Username=….", wrong);
        }

        try
        {
            await using var connection = await _source.OpenConnectionAsync(ct);
            await CheckOrderingAsync(connection, settings.Database, ct);
            await MigrateAsync(connection, migrator, ct);
        }
        catch (Exception failure) when (failure is NpgsqlException or System.Net.Sockets.SocketException or TimeoutException)
        {
            var message = $"The PostgreSQL database '{settings.Database}' at {settings.Host}:{settings.Port} cannot be opened: {failure.Message}";
            throw PostgresErrors.Translate(failure) is DatabaseUnavailableException
                ? new DatabaseUnavailableException(message, failure)
                : new DatabaseException(message, failure);
        }
    }

    public async Task<T> ReadAsync<T>(Func<Session, Task<T>> read, CancellationToken ct)
    {
        try
        {
            await using var connection = await _source!.OpenConnectionAsync(ct);
            await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, ct);
            var result = await read(new Session(Dialect, connection, new PostgresStatements(connection), PostgresErrors.Translate, ct, ReadOnly));
            await transaction.CommitAsync(ct);
            return result;
        }
        catch (NpgsqlException failure)
        {
            throw PostgresErrors.Translate(failure);
        }
    }

    public async Task<T> WriteAsync<T>(Func<Session, Task<T>> write, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await WriteOnceAsync(write, ct);
            }
            catch (DatabaseUnavailableException lost) when (lost.LostToAnother && attempt < MostAttempts)
            {
                await Task.Delay(RandomNumberGenerator.GetInt32(1, LongestFirstPauseMilliseconds << (attempt - 1)), ct);
            }
        }
    }

    public ValueTask DisposeAsync() => _source?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task<T> WriteOnceAsync<T>(Func<Session, Task<T>> write, CancellationToken ct)
    {
        Session? session = null;
        try
        {
            await using var connection = await _source!.OpenConnectionAsync(ct);
            await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, ct);
            session = new Session(Dialect, connection, new PostgresStatements(connection), PostgresErrors.Translate, ct);
            var result = await write(session);
            await CommitAsync(new PostgresStatements(connection), session.Waiting);
            return result;
        }
        catch (NpgsqlException failure)
        {
            throw PostgresErrors.Translate(failure);
        }
        catch (Exception other) when (session?.Failure is DatabaseUnavailableException { LostToAnother: true } && other != session.Failure)
        {
            // However the delegate dressed it up, the cause was the lost race, and the race can be run again.
            throw session.Failure;
        }
    }

    // Not cancellable: a commit that was sent may succeed, whoever still listens.
    private static async Task CommitAsync(PostgresStatements statements, IReadOnlyList<Statement> waiting)
    {
        try
        {
            await statements.RunAsync([.. waiting, Commit], CancellationToken.None);
        }
        catch (NpgsqlException broken) when (broken is not PostgresException)
        {
            throw new DatabaseUnavailableException("The connection to PostgreSQL broke during the commit: the write may have happened or not. Look before repeating it.", broken);
        }
    }

    // SQLite orders text by its bytes. So must PostgreSQL, or the same query would page differently on the two.
    private static async Task CheckOrderingAsync(NpgsqlConnection connection, string? database, CancellationToken ct)
    {
        var (encoding, collation) = await connection.QuerySingleAsync<(string, string)>(new CommandDefinition(
            "SELECT pg_encoding_to_char(encoding), datcollate FROM pg_database WHERE datname = current_database()", cancellationToken: ct));
        if (encoding is not "UTF8" || collation is not ("C" or "POSIX" or "C.UTF-8" or "C.utf8"))
            throw new DatabaseException(
                $"The PostgreSQL database '{database}' has encoding {encoding} and collation {collation}; Baton needs UTF8 and C, so that names sort alike everywhere. "
                + $"Make it with: CREATE DATABASE \"{database}\" TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C';");
    }

    private static async Task MigrateAsync(NpgsqlConnection connection, Migrator migrator, CancellationToken ct)
    {
        // Replicas that start together wait here for the first; waiting is not a command that hangs, so it has no time limit.
        await connection.ExecuteAsync(new CommandDefinition("SELECT pg_advisory_lock(@key)", new { key = MigrationLock }, commandTimeout: 0, cancellationToken: ct));
        try
        {
            foreach (var step in (await migrator.CompareAsync(connection, ct)).Pending)
            {
                await using var transaction = await connection.BeginTransactionAsync(ct);
                await migrator.ApplyAsync(connection, step, ct);
                await transaction.CommitAsync(ct);
            }
        }
        finally
        {
            await connection.ExecuteAsync("SELECT pg_advisory_unlock(@key)", new { key = MigrationLock });
        }
    }
}
