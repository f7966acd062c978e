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
    private readonly List<Statement> _waiting = [];

    static Session() => DefaultTypeMap.MatchNamesWithUnderscores = true;

    internal Session(Dialect dialect, DbConnection connection, IStatements statements, Func<Exception, Exception> translate, CancellationToken cancellation, Statement? first = null)
    {
        Dialect = dialect;
        _connection = connection;
        _statements = statements;
        _translate = translate;
        Cancellation = cancellation;
        if (first is not null)
            _waiting.Add(first);
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
    public Task<int> ExecuteAsync(string sql, object? args = null) => RunApartAsync(() => _connection.ExecuteAsync(Command(sql, args)));

    /// <summary>All rows of a query.</summary>
    /// <exception cref="DatabaseException">The query failed.</exception>
    public Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? args = null) =>
        RunApartAsync<IReadOnlyList<T>>(async () => (await _connection.QueryAsync<T>(Command(sql, args))).AsList());

    /// <summary>The first row of a query, or the type's default where there is none.</summary>
    /// <exception cref="DatabaseException">The query failed.</exception>
    public Task<T?> FirstOrDefaultAsync<T>(string sql, object? args = null) =>
        RunApartAsync(() => _connection.QueryFirstOrDefaultAsync<T>(Command(sql, args)));

    /// <summary>The first column of the first row; null and no row give the type's default.</summary>
    /// <exception cref="DatabaseException">The query failed.</exception>
    public Task<T> ScalarAsync<T>(string sql, object? args = null) =>
        RunApartAsync(async () => (await _connection.ExecuteScalarAsync<T>(Command(sql, args)))!);

    /// <summary>
    /// Runs a statement that the connection keeps prepared: for texts that come again and again, not for composed ones. Parameters are
    /// <c>$1</c>, <c>$2</c> …; values are long, double, bool, string, null, and long[] or string[] for <see cref="Dialect.Among"/>.
    /// </summary>
    /// <remarks>It must find no rows, as a SELECT or RETURNING would: those are for <see cref="ReadPreparedAsync"/>.</remarks>
    /// <returns>The number of rows changed.</returns>
    /// <exception cref="UniqueViolationException">A key exists already.</exception>
    /// <exception cref="DatabaseException">The statement failed.</exception>
    public Task<int> ExecutePreparedAsync(string sql, params object?[] values) => RunAsync(new Statement(sql, values));

    /// <summary>Shows every row of a query that the connection keeps prepared to <paramref name="visit"/>, which must not use the session. Parameters as in <see cref="ExecutePreparedAsync"/>.</summary>
    /// <exception cref="DatabaseException">The query failed.</exception>
    public Task ReadPreparedAsync(string sql, Action<IRow> visit, params object?[] values) =>
        RunAsync(new Statement(sql, values, null, visit));

    /// <summary>
    /// Runs one statement over many rows. Where they stand, the text says <c>{rows}</c>: <c>INSERT INTO t (a, b) {rows} ON CONFLICT …</c>.
    /// With <c>DO UPDATE</c> no key may come twice: PostgreSQL refuses that.
    /// </summary>
    /// <returns>The number of rows changed.</returns>
    /// <exception cref="UniqueViolationException">A key exists already.</exception>
    /// <exception cref="DatabaseException">The statement failed.</exception>
    public Task<int> ExecuteRowsAsync(string sql, params RowColumn[] columns) =>
        RowColumn.Count(columns) == 0 ? Task.FromResult(0) : RunAsync(new Statement(sql, [], columns));

    /// <summary>
    /// Has a statement sent with the next one, or with the commit where none follows, in one message: for what nobody waits for. It runs in its
    /// turn, before whatever is sent after it; a failure shows there, and where that is the commit, after the delegate.
    /// </summary>
    public void ExecuteSoon(string sql, params object?[] values) => Wait(new Statement(sql, values));

    /// <summary>As <see cref="ExecuteSoon"/>, over many rows as <see cref="ExecuteRowsAsync"/>.</summary>
    public void ExecuteRowsSoon(string sql, params RowColumn[] columns)
    {
        if (RowColumn.Count(columns) > 0)
            Wait(new Statement(sql, [], columns));
    }

    /// <summary>Has a query sent with the next statement, as <see cref="ExecuteSoon"/>; <paramref name="visit"/> has seen its rows when that has ended.</summary>
    public void ReadSoon(string sql, Action<IRow> visit, params object?[] values) => Wait(new Statement(sql, values, null, visit));

    /// <summary>Waits for a running statement, then lets no further one through.</summary>
    internal async Task EndAsync()
    {
        await _oneAtATime.WaitAsync(CancellationToken.None);
        Ended = true;
        _oneAtATime.Release();
    }

    /// <summary>What still waits to be sent, now that the delegate has returned.</summary>
    internal IReadOnlyList<Statement> Waiting => _waiting;

    /// <summary>Sends what still waits, now that the delegate has returned.</summary>
    internal async Task SendWaitingAsync()
    {
        if (_waiting.Count > 0)
            await TranslatedAsync(() => _statements.RunAsync(_waiting, Cancellation));
    }

    // The command type is given because Dapper takes SQL of one word for a stored procedure.
    private CommandDefinition Command(string sql, object? args) =>
        new(sql, args, commandType: CommandType.Text, cancellationToken: Cancellation);

    private void Wait(Statement statement)
    {
        CheckUsable();
        _waiting.Add(statement);
    }

    private Task<int> RunAsync(Statement statement) => InTurnAsync(() =>
    {
        _waiting.Add(statement);
        return SendAsync();
    });

    private Task<T> RunApartAsync<T>(Func<Task<T>> statement) => InTurnAsync(async () =>
    {
        if (_waiting.Count > 0)
            await SendAsync();
        return await statement();
    });

    private Task<int> SendAsync()
    {
        Statement[] sent = [.. _waiting];
        _waiting.Clear();
        return _statements.RunAsync(sent, Cancellation);
    }

    private void CheckUsable()
    {
        if (Ended)
            throw new InvalidOperationException("The session has ended: it may be used only until the delegate of its read or write returns.");
        if (Failure is not null)
            throw new InvalidOperationException("An earlier statement of this transaction failed; nothing more can be done in it.", Failure);
    }

    private async Task<T> InTurnAsync<T>(Func<Task<T>> statement)
    {
        await _oneAtATime.WaitAsync(Cancellation);
        try
        {
            CheckUsable();
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
