using Baton.Database;
using Baton.Testing;
using Xunit;

namespace Baton.UnitTests.Database;

/// <summary>Statements that a connection keeps prepared, and rows written by column.</summary>
public sealed class PreparedTests
{
    private const string Table =
        "CREATE TABLE rows (id BIGINT NOT NULL PRIMARY KEY, real DOUBLE PRECISION NULL, flag BOOLEAN NOT NULL, word TEXT NULL, same BIGINT NOT NULL)";

    private const string Insert = "INSERT INTO rows (same, id, real, flag, word) {rows} ON CONFLICT DO NOTHING";

    [Theory, EachDatabase]
    public async Task Columns_of_every_type_become_rows_and_come_back(Engine engine)
    {
        await using var test = await TestDatabase.CreateAsync(engine);
        await using var database = await Schema.OpenAsync(test, Table);

        var changed = await database.WriteAsync(session => session.ExecuteRowsAsync(
            Insert,
            RowColumn.OfAll(7), RowColumn.Of([long.MinValue, 2, long.MaxValue]), RowColumn.Of([double.MaxValue, null, -0.1]),
            RowColumn.Of([true, false, true]), RowColumn.Of(["é\u4e2d😀", null, ""])));

        Assert.Equal(3, changed);
        var rows = new List<(long, bool, double, bool, string?, long)>();
        await database.ReadAsync(async session =>
        {
            await session.ReadPreparedAsync(
                "SELECT id, real, flag, word, same FROM rows WHERE same = $1 ORDER BY id",
                row => rows.Add((row.Integer(0), row.IsNull(1), row.Real(1 - (row.IsNull(1) ? 1 : 0)), row.Flag(2), row.TextOrNull(3), row.Integer(4))),
                7L);
            return 0;
        });
        Assert.Equal([(long.MinValue, false, double.MaxValue, true, "é\u4e2d😀", 7), (2, true, 2, false, null, 7), (long.MaxValue, false, -0.1, true, "", 7)], rows);
    }

    [Theory, EachDatabase]
    public async Task A_statement_run_again_forgets_the_values_before_and_counts_only_new_rows(Engine engine)
    {
        await using var test = await TestDatabase.CreateAsync(engine);
        await using var database = await Schema.OpenAsync(test, Table);
        Task<int> AddAsync(params long[] ids) => database.WriteAsync(session => session.ExecuteRowsAsync(
            Insert, RowColumn.OfAll(1), RowColumn.Of(ids), RowColumn.Of(new double?[ids.Length]), RowColumn.Of(new bool[ids.Length]), RowColumn.Of(new string?[ids.Length])));

        var changed = new List<int> { await AddAsync(1, 2), await AddAsync(2, 1), await AddAsync(2, 3), await AddAsync() };
        Assert.Equal([2, 0, 1, 0], changed);
        var among = await database.ReadAsync(async session =>
        {
            var found = new List<long>();
            await session.ReadPreparedAsync($"SELECT id FROM rows WHERE {session.Dialect.Among("id", "$1")} ORDER BY id", row => found.Add(row.Integer(0)), new long[] { 3, 9, 1 });
            return found;
        });
        Assert.Equal([1, 3], among);
    }

    [Theory, EachDatabase]
    public async Task A_row_that_fails_dooms_the_write_and_the_statement_can_be_run_again(Engine engine)
    {
        await using var test = await TestDatabase.CreateAsync(engine);
        await using var database = await Schema.OpenAsync(test, Table);
        Task<int> AddAsync(params long[] ids) => database.WriteAsync(session => session.ExecuteRowsAsync(
            "INSERT INTO rows (id, flag, same) {rows}", RowColumn.Of(ids), RowColumn.Of(new bool[ids.Length]), RowColumn.OfAll(0)));

        await Assert.ThrowsAsync<UniqueViolationException>(() => AddAsync(1, 2, 1));
        Assert.Equal(2, await AddAsync(1, 2));
        var swallowed = await Assert.ThrowsAsync<DatabaseException>(() => database.WriteAsync(async session =>
        {
            await session.ExecutePreparedAsync("UPDATE rows SET same = $1 WHERE id = $2", 5L, 2L);
            try
            {
                return await session.ExecutePreparedAsync("INSERT INTO rows (id, flag, same) VALUES ($1, FALSE, 0)", 1L);
            }
            catch (UniqueViolationException)
            {
                return 0;
            }
        }));
        Assert.IsType<UniqueViolationException>(swallowed.InnerException);
        Assert.Equal(0, await database.ReadAsync(session => session.ScalarAsync<long>("SELECT SUM(same) FROM rows")));
    }

    [Theory, EachDatabase]
    public async Task Columns_of_different_lengths_are_refused(Engine engine)
    {
        await using var test = await TestDatabase.CreateAsync(engine);
        await using var database = await Schema.OpenAsync(test, Table);

        await Assert.ThrowsAsync<ArgumentException>(() => database.WriteAsync(session => session.ExecuteRowsAsync(
            "INSERT INTO rows (id, flag, same) {rows}", RowColumn.Of([1L, 2]), RowColumn.Of([true]), RowColumn.OfAll(0))));
    }

    [Theory, EachDatabase]
    public async Task A_prepared_query_that_is_cancelled_ends(Engine engine)
    {
        await using var test = await TestDatabase.CreateAsync(engine);
        await using var database = await Schema.OpenAsync(test, Table);
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => database.ReadAsync(
            async session =>
            {
                await session.ReadPreparedAsync("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000000) SELECT COUNT(*) FROM n WHERE i > $1", _ => { }, 0);
                return 0;
            },
            patience.Token));
        Assert.Equal(0, await database.ReadAsync(session => session.ScalarAsync<long>("SELECT COUNT(*) FROM rows")));
    }
}
