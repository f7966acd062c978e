using Baton.Database;
using Baton.Testing;
using Xunit;

namespace Baton.UnitTests.Database;

/// <summary>Statements that wait to be sent with the next one, or with the commit.</summary>
public sealed class WaitingTests
{
    private const string Table = "CREATE TABLE rows (id BIGINT NOT NULL PRIMARY KEY, word TEXT NOT NULL)";
    private const string Insert = "INSERT INTO rows (id, word) VALUES ($1, $2)";

    [Theory, EachDatabase]
    public async Task What_waits_runs_in_its_turn_and_with_the_commit(Engine engine)
    {
        await using var test = await TestDatabase.CreateAsync(engine);
        await using var database = await Schema.OpenAsync(test, Table);
        var seen = new List<long>();

        var (updated, scalar) = await database.WriteAsync(async session =>
        {
            session.ExecuteSoon(Insert, 1L, "a");
            session.ReadSoon("SELECT id FROM rows WHERE id > $1 ORDER BY id", row => seen.Add(row.Integer(0)), 0L);
            session.ExecuteRowsSoon("INSERT INTO rows (id, word) {rows}", RowColumn.Of([2, 3]), RowColumn.OfAll("b"));
            session.ReadSoon("SELECT id FROM rows WHERE id > $1", row => seen.Add(row.Integer(0)), 99L);
            session.ReadSoon("SELECT id FROM rows WHERE id > $1 ORDER BY id", row => seen.Add(row.Integer(0)), 1L);
            var changed = await session.ExecutePreparedAsync("UPDATE rows SET word = $1", "c");
            session.ExecuteSoon("DELETE FROM rows WHERE id = $1", 1L);
            var counted = await session.ScalarAsync<long>("SELECT COUNT(*) FROM rows");
            session.ExecuteSoon(Insert, 4L, "d");
            return (changed, counted);
        });

        Assert.Equal((3, 2L), (updated, scalar));
        Assert.Equal([1L, 2, 3], seen);
        Assert.Equal([2L, 3, 4], await IdsAsync(database));
    }

    [Theory, EachDatabase]
    public async Task What_fails_with_the_commit_undoes_the_write_and_says_why(Engine engine)
    {
        await using var test = await TestDatabase.CreateAsync(engine);
        await using var database = await Schema.OpenAsync(test, Table);

        await Assert.ThrowsAsync<UniqueViolationException>(() => database.WriteAsync(async session =>
        {
            await session.ExecutePreparedAsync(Insert, 1L, "a");
            session.ExecuteSoon(Insert, 1L, "b");
            session.ExecuteSoon(Insert, 2L, "c");
            return 0;
        }));
        Assert.Empty(await IdsAsync(database));

        await database.WriteAsync(session =>
        {
            session.ExecuteSoon(Insert, 5L, "e");
            return Task.FromResult(0);
        });
        Assert.Equal([5L], await IdsAsync(database));
    }

    [Theory, EachDatabase]
    public async Task What_waits_is_forgotten_when_the_delegate_throws_and_a_read_cannot_write(Engine engine)
    {
        await using var test = await TestDatabase.CreateAsync(engine);
        await using var database = await Schema.OpenAsync(test, Table);

        await Assert.ThrowsAsync<FormatException>(() => database.WriteAsync<int>(session =>
        {
            session.ExecuteSoon(Insert, 1L, "a");
            throw new FormatException();
        }));
        await Assert.ThrowsAsync<DatabaseException>(() => database.ReadAsync(async session =>
        {
            session.ExecuteSoon(Insert, 2L, "b");
            return await session.ScalarAsync<long>("SELECT COUNT(*) FROM rows");
        }));
        Assert.Empty(await IdsAsync(database));
    }

    private static Task<IReadOnlyList<long>> IdsAsync(BatonDatabase database) =>
        database.ReadAsync(session => session.QueryAsync<long>("SELECT id FROM rows ORDER BY id"));
}
