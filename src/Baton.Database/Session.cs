using System.Data;
using System.Data.Common;
using Dapper;

namespace Baton.Database;

/// <summary>
/// A connection inside one transaction, lent to a read or a write for as long as its delegate runs. Rows are read into objects by column
/// name (<c>snake_case</c> to properties): use records with a parameterless constructor and <c>init</c> properties, which map alike on both
/// engines (SQLite gives every whole number and boolean as a long).
/// </summary>
/// <remarks>
/// A failed statement dooms its transaction on both engines, even where the delegate catches the exception: PostgreSQL would refuse to go on,
/// and SQLite must not behave better. Write <c>ON CONFLICT</c> where a conflict is expected.
/// </remarks>
public sealed class Session
{
    private readonly DbConnection _connection;
    private readonly IStatements _statements;
    private readonly Func<Exception, Exception> _translate;
    private readonly SemaphoreSlim _oneAtATime = new(1);

    static Session() => DefaultTypeMap.MatchNamesWithUnderscores = true;

    internal Session(Dialect dialect, DbConnection connection, IStatements statements, Func<Exception, Exception> translate, CancellationToken cancellation)
    {
        Dialect = dialect;
        _connection = connection;
        _statements = statements;
        _translate = translate;
        Cancellation = cancellation;
    }

    /// <summary>What the engine at hand writes differently.</summary>
    public Dialect Dialect { get; }

    /// <summary>Cancelled when the caller no longer wants the result; every statement listens to it.</summary>
    public CancellationToken Cancellation { get; }

    /// <summary>The first failure of a statement: the transaction is doomed.</summary>
    internal Exception? Failure { get; private set; }

    /// <summary>The delegate has returned, or was given up.</summary>
    internal bool Ended { get; private set; }

    /// <summary>Runs a statement; once per element where <paramref name="args"/> is a list.</summary>
    /// <returns>The number of rows changed.</returns>
    /// <exception cref="UniqueViolationException">A key exists already.</exception>
    /// <exception cref="DatabaseException">The statement failed.</exception>
    public Task<int> ExecuteAsync(string sql, object? args = null) => RunAsync(() => _connection.ExecuteAsync(Command(sql, args)));

    /// <summary>All rows of a query.</summary>
    /// <exception cref="DatabaseException">The query failed.</exception>
    public Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? args = null) =>
        RunAsync<IReadOnlyList<T>>(async () => (await _connection.QueryAsync<T>(Command(sql, args))).AsList());

    /// <summary>The first row of a query, or the type's default where there is none.</summary>
    /// <exception cref="DatabaseException">The query failed.</exception>
    public Task<T?> FirstOrDefaultAsync<T>(string sql, object? args = null) =>
        RunAsync(() => _connection.QueryFirstOrDefaultAsync<T>(Command(sql, args)));

    /// <summary>The first column of the first row; null and no row give the type's default.</summary>
    /// <exception cref="DatabaseException">The query failed.</exception>
    public Task<T> ScalarAsync<T>(string sql, object? args = null) =>
        RunAsync(async () => (await _connection.ExecuteScalarAsync<T>(Command(sql, args)))!);

    /// <summary>
    /// Runs a statement that the connection keeps prepared: for texts that come again and again, not for composed ones. Parameters are
    /// <c>$1</c>, <c>$2</c> …; values are long, double, bool, string, null, and long[] or string[] for <see cref="Dialect.Among"/>.
    /// </summary>
    /// <returns>The number of rows changed.</returns>
    /// <exception cref="UniqueViolationException">A key exists already.</exception>
    /// <exception cref="DatabaseException">The statement failed.</exception>
    public Task<int> ExecutePreparedAsync(string sql, params object?[] values) => RunAsync(() => _statements.ExecuteAsync(sql, values, Cancellation));

    /// <summary>Shows every row of a query that the connection keeps prepared to <paramref name="visit"/>, which must not use the session. Parameters as in <see cref="ExecutePreparedAsync"/>.</summary>
    /// <exception cref="DatabaseException">The query failed.</exception>
    public Task ReadPreparedAsync(string sql, Action<IRow> visit, params object?[] values) => RunAsync(async () =>
    {
        await _statements.QueryAsync(sql, values, visit, Cancellation);
        return true;
    });

    /// <summary>
    /// Runs one statement over many rows. Where they stand, the text says <c>{rows}</c>: <c>INSERT INTO t (a, b) {rows} ON CONFLICT …</c>.
    /// With <c>DO UPDATE</c> no key may come twice: PostgreSQL refuses that.
    /// </summary>
    /// <returns>The number of rows changed.</returns>
    /// <exception cref="UniqueViolationException">A key exists already.</exception>
    /// <exception cref="DatabaseException">The statement failed.</exception>
    public Task<int> ExecuteRowsAsync(string sql, params RowColumn[] columns) => RunAsync(() => _statements.ExecuteRowsAsync(sql, columns, Cancellation));

    /// <summary>Waits for a running statement, then lets no further one through.</summary>
    internal async Task EndAsync()
    {
        await _oneAtATime.WaitAsync(CancellationToken.None);
        Ended = true;
        _oneAtATime.Release();
    }

    // The command type is given because Dapper takes SQL of one word for a stored procedure.
    private CommandDefinition Command(string sql, object? args) =>
        new(sql, args, commandType: CommandType.Text, cancellationToken: Cancellation);

    private async Task<T> RunAsync<T>(Func<Task<T>> statement)
    {
        await _oneAtATime.WaitAsync(Cancellation);
        try
        {
            if (Ended)
                throw new InvalidOperationException("The session has ended: it may be used only until the delegate of its read or write returns.");
            if (Failure is not null)
                throw new InvalidOperationException("An earlier statement of this transaction failed; nothing more can be done in it.", Failure);
            return await TranslatedAsync(statement);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    private async Task<T> TranslatedAsync<T>(Func<Task<T>> statement)
    {
        try
        {
            return await statement();
        }
        catch (Exception failure)
        {
            // A statement that was interrupted because its caller went away has not failed: it was cancelled.
            Failure = Cancellation.IsCancellationRequested ? new OperationCanceledException(Cancellation) : _translate(failure);
            if (ReferenceEquals(Failure, failure))
                throw;
            throw Failure;
        }
    }
}
