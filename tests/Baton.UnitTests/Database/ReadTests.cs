using Baton.Database;
using Baton.Testing;
using Xunit;

namespace Baton.UnitTests.Database;

public sealed class ReadTests
{
    [Theory, EachDatabase]
    public async Task A_read_sees_one_moment(Engine engine)
    {
        await using var test = await TestDatabase.CreateAsync(engine);
        await using var database = await Schema.WithItemsAsync(test);
        await database.WriteAsync(session => session.AddAsync(1));
        var begun = new TaskCompletionSource();
        var written = new TaskCompletionSource();

        var reading = database.ReadAsync(async session =>
        {
            var before = await session.ScalarAsync<long>("SELECT COUNT(*) FROM items");
            begun.SetResult();
            await written.Task;
            return (before, After: await session.ScalarAsync<long>("SELECT COUNT(*) FROM items"));
        });
        await begun.Task;
        await database.WriteAsync(session => session.AddAsync(2));
        written.SetResult();

        Assert.Equal((1, 1), await reading);
        Assert.Equal(2, await database.CountAsync());
    }

    [Theory, EachDatabase]
    public async Task A_read_cannot_write(Engine engine)
    {
        await using var test = await TestDatabase.CreateAsync(engine);
        await using var database = await Schema.WithItemsAsync(test);

        await Assert.ThrowsAsync<DatabaseException>(() => database.ReadAsync(session => session.AddAsync(1)));

        Assert.Equal(0, await database.CountAsync());
    }

    [Theory, EachDatabase]
    public async Task A_long_query_ends_when_its_caller_goes_away(Engine engine)
    {
        await using var test = await TestDatabase.CreateAsync(engine);
        await using var database = await Schema.WithItemsAsync(test);
        using var cancel = new CancellationTokenSource(TimeSpan.FromSeconds(0.3));

        var query = Task.Run(() => database.ReadAsync(
            session => session.ScalarAsync<long>(
                "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 2000000000) SELECT COUNT(*) FROM c"),
            cancel.Token));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => query.WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.Equal(0, await database.CountAsync());
    }

    [Theory, EachDatabase]
    public async Task Failing_reads_do_not_use_up_the_connections(Engine engine)
    {
        await using var test = await TestDatabase.CreateAsync(engine);
        await using var database = await Schema.WithItemsAsync(test);

        for (var i = 0; i < 150; i++)
            await Assert.ThrowsAsync<DatabaseException>(() => database.ReadAsync(session => session.ScalarAsync<long>("SELECT nothing")));

        Assert.Equal(0, await database.CountAsync().WaitAsync(TimeSpan.FromSeconds(5)));
    }
}
