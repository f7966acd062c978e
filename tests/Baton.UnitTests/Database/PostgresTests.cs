using Baton.Database;
using Baton.Testing;
using Xunit;

namespace Baton.UnitTests.Database;

public sealed class PostgresTests
{
    [Fact]
    public async Task Writes_that_deadlock_are_run_again_until_both_succeed()
    {
        await using var test = await TestDatabase.CreateAsync(Engine.Postgres);
        await using var database = await Schema.WithItemsAsync(test);
        await database.WriteAsync(async session => await session.AddAsync(1) + await session.AddAsync(2));
        using var bothHoldOne = new Barrier(2);
        var attempts = 0;
        Task<int> LockAsync(long first, long second) => Task.Run(() => database.WriteAsync(async session =>
        {
            const string Touch = "UPDATE items SET name = name || '!' WHERE id = @id";
            await session.ExecuteAsync(Touch, new { id = first });
            if (Interlocked.Increment(ref attempts) <= 2)
                bothHoldOne.SignalAndWait(TimeSpan.FromSeconds(10));
            return await session.ExecuteAsync(Touch, new { id = second });
        }));

        await Task.WhenAll(LockAsync(1, 2), LockAsync(2, 1));

        Assert.True(attempts > 2, "There was no deadlock to recover from.");
        Assert.Equal(["item 1!!", "item 2!!"], await database.ReadAsync(session => session.QueryAsync<string>("SELECT name FROM items ORDER BY id")));
    }

    [Fact]
    public async Task A_server_that_ends_the_connection_is_unavailable_and_the_next_write_connects_again()
    {
        await using var test = await TestDatabase.CreateAsync(Engine.Postgres);
        await using var database = await Schema.WithItemsAsync(test);
        var cluster = await PostgresCluster.StartedAsync();

        await Assert.ThrowsAsync<DatabaseUnavailableException>(() => database.WriteAsync(async session =>
        {
            await session.AddAsync(1);
            var backend = await session.ScalarAsync<int>("SELECT pg_backend_pid()");
            await cluster.ExecuteAsync($"SELECT pg_terminate_backend({backend})");
            return await session.AddAsync(2);
        }));
        await database.WriteAsync(session => session.AddAsync(3));

        Assert.Equal([3], await database.ReadAsync(session => session.QueryAsync<long>("SELECT id FROM items")));
    }
}
