using Baton.Database;
using Baton.Testing;
using Xunit;

namespace Baton.UnitTests.Database;

public sealed class WriteTests
{
    [Theory, EachDatabase]
    public async Task A_write_that_throws_leaves_nothing_and_its_exception_reaches_the_caller(Engine engine)
    {
        await using var test = await TestDatabase.CreateAsync(engine);
        await using var database = await Schema.WithItemsAsync(test);

        var thrown = await Assert.ThrowsAsync<InvalidDataException>(() => database.WriteAsync<int>(async session =>
        {
            await session.AddAsync(1);
            throw new InvalidDataException("on purpose");
        }));

        Assert.Equal("on purpose", thrown.Message);
        Assert.Equal(0, await database.CountAsync());
    }

    [Theory, EachDatabase]
    public async Task Writers_side_by_side_lose_nothing(Engine engine)
    {
        await using var test = await TestDatabase.CreateAsync(engine);
        await using var database = await Schema.WithItemsAsync(test);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; i < 200; i++)
                await database.WriteAsync(session => session.AddAsync((writer * 1000) + i));
        })));

        Assert.Equal(1600, await database.CountAsync());
    }

    [Theory, EachDatabase]
    public async Task Writers_that_lock_what_they_decide_on_count_without_gaps(Engine engine)
    {
        await using var test = await TestDatabase.CreateAsync(engine);
        await using var database = await Schema.WithItemsAsync(test);
        await database.WriteAsync(session => session.AddAsync(0, "0"));
        Task<int> IncrementAsync() => database.WriteAsync(async session =>
        {
            var value = await session.ScalarAsync<string>("SELECT name FROM items WHERE id = 0" + session.Dialect.ForUpdate);
            return await session.ExecuteAsync("UPDATE items SET name = @next WHERE id = 0", new { next = $"{int.Parse(value) + 1}" });
        });

        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(IncrementAsync)));

        Assert.Equal("50", await database.ReadAsync(session => session.ScalarAsync<string>("SELECT name FROM items")));
    }

    [Theory, EachDatabase]
    public async Task A_throwing_write_takes_none_of_its_neighbours_with_it(Engine engine)
    {
        await using var test = await TestDatabase.CreateAsync(engine);
        await using var database = await Schema.WithItemsAsync(test);
        // The first write holds the writer until all others are queued, so that on SQLite they end up in one group.
        var gate = new TaskCompletionSource();
        var holder = database.WriteAsync(async session =>
        {
            await gate.Task;
            return await session.AddAsync(1000);
        });
        var writes = Enumerable.Range(0, 100).Select(id => database.WriteAsync(async session =>
        {
            await session.AddAsync(id);
            return id % 3 == 0 ? throw new InvalidDataException($"{id}") : id;
        })).ToList();

        gate.SetResult();
        await holder;
        foreach (var (write, id) in writes.Select((write, id) => (write, id)))
        {
            if (id % 3 == 0)
                Assert.Equal($"{id}", (await Assert.ThrowsAsync<InvalidDataException>(() => write)).Message);
            else
                Assert.Equal(id, await write);
        }

        var kept = await database.ReadAsync(session => session.QueryAsync<long>("SELECT id FROM items ORDER BY id"));
        Assert.Equal([.. Enumerable.Range(0, 100).Where(id => id % 3 != 0).Select(id => (long)id), 1000], kept);
    }

    [Theory, EachDatabase]
    public async Task A_key_that_exists_is_a_unique_violation(Engine engine)
    {
        await using var test = await TestDatabase.CreateAsync(engine);
        await using var database = await Schema.WithItemsAsync(test);
        await database.WriteAsync(session => session.AddAsync(1, "taken"));

        var byName = await Assert.ThrowsAsync<UniqueViolationException>(() => database.WriteAsync(session => session.AddAsync(2, "taken")));
        var byId = await Assert.ThrowsAsync<UniqueViolationException>(() => database.WriteAsync(session => session.AddAsync(1, "other")));

        Assert.Contains("name", byName.ConstraintOrTable);
        Assert.StartsWith("items", byId.ConstraintOrTable);
        Assert.Equal(1, await database.CountAsync());
    }

    [Theory, EachDatabase]
    public async Task Other_broken_constraints_and_wrong_sql_are_database_exceptions(Engine engine)
    {
        await using var test = await TestDatabase.CreateAsync(engine);
        await using var database = await Schema.WithItemsAsync(test);

        var missing = await Assert.ThrowsAsync<DatabaseException>(() => database.WriteAsync(session => session.ExecuteAsync("INSERT INTO items (id) VALUES (1)")));
        var misspelt = await Assert.ThrowsAsync<DatabaseException>(() => database.ReadAsync(session => session.QueryAsync<long>("SELECT idd FROM items")));
        var oneWord = await Assert.ThrowsAsync<DatabaseException>(() => database.ReadAsync(session => session.ExecuteAsync("nonsense")));

        Assert.Contains("name", missing.Message);
        Assert.Contains("idd", misspelt.Message);
        Assert.Contains("nonsense", oneWord.Message);
    }

    [Theory, EachDatabase]
    public async Task A_failed_statement_dooms_its_write_even_where_the_code_goes_on(Engine engine)
    {
        await using var test = await TestDatabase.CreateAsync(engine);
        await using var database = await Schema.WithItemsAsync(test);
        await database.WriteAsync(session => session.AddAsync(1));

        var swallowed = await Assert.ThrowsAsync<DatabaseException>(() => database.WriteAsync(async session =>
        {
            await session.AddAsync(2);
            await Assert.ThrowsAsync<UniqueViolationException>(() => session.AddAsync(1));
            await Assert.ThrowsAsync<InvalidOperationException>(() => session.AddAsync(3));
            return 0;
        }));

        Assert.IsType<UniqueViolationException>(swallowed.InnerException);
        Assert.Equal(1, await database.CountAsync());
    }

    [Theory, EachDatabase]
    public async Task A_read_or_write_inside_another_is_refused(Engine engine)
    {
        await using var test = await TestDatabase.CreateAsync(engine);
        await using var database = await Schema.WithItemsAsync(test);

        foreach (var nested in new Func<Task>[] { () => database.CountAsync(), () => database.WriteAsync(session => session.AddAsync(1)) })
        {
            await Assert.ThrowsAsync<InvalidOperationException>(() => database.WriteAsync(async _ =>
            {
                await Task.Yield();
                await nested();
                return 0;
            }));
            await Assert.ThrowsAsync<InvalidOperationException>(() => database.ReadAsync(async _ =>
            {
                await nested();
                return 0;
            }));
        }

        await database.WriteAsync(session => session.AddAsync(1));
        Assert.Equal(1, await database.CountAsync());
    }

    [Theory, EachDatabase]
    public async Task A_session_kept_beyond_its_delegate_is_dead(Engine engine)
    {
        await using var test = await TestDatabase.CreateAsync(engine);
        await using var database = await Schema.WithItemsAsync(test);
        var kept = await database.WriteAsync(Task.FromResult);

        await Assert.ThrowsAsync<InvalidOperationException>(() => kept.AddAsync(1));
        Assert.Equal(0, await database.CountAsync());
    }

    [Theory, EachDatabase]
    public async Task A_write_that_waits_for_something_else_is_undone_after_its_limit_and_the_others_go_on(Engine engine)
    {
        await using var test = await TestDatabase.CreateAsync(engine);
        await using var database = await Schema.WithItemsAsync(test, writeLimit: TimeSpan.FromSeconds(0.5));
        var never = new TaskCompletionSource<int>();

        var stuck = database.WriteAsync(async session =>
        {
            await session.AddAsync(1);
            return await never.Task;
        });
        var other = database.WriteAsync(session => session.AddAsync(2));

        Assert.Contains("not finished after 0.5 s", (await Assert.ThrowsAsync<DatabaseException>(() => stuck)).Message);
        await other;
        Assert.Equal([2], await database.ReadAsync(session => session.QueryAsync<long>("SELECT id FROM items")));
    }

    [Theory, EachDatabase]
    public async Task A_cancelled_write_leaves_nothing(Engine engine)
    {
        await using var test = await TestDatabase.CreateAsync(engine);
        await using var database = await Schema.WithItemsAsync(test);
        using var cancel = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => database.WriteAsync(
            async session =>
            {
                await session.AddAsync(1);
                await cancel.CancelAsync();
                return await session.AddAsync(2);
            },
            cancel.Token));

        Assert.Equal(0, await database.CountAsync());
    }

    [Theory, EachDatabase]
    public async Task The_callers_context_reaches_the_delegate(Engine engine)
    {
        await using var test = await TestDatabase.CreateAsync(engine);
        await using var database = await Schema.WithItemsAsync(test);
        var request = new AsyncLocal<string> { Value = "request 7" };

        Assert.Equal("request 7", await database.WriteAsync(_ => Task.FromResult(request.Value)));
    }

    [Theory, EachDatabase]
    public async Task Statements_sent_at_once_in_one_session_run_one_after_the_other(Engine engine)
    {
        await using var test = await TestDatabase.CreateAsync(engine);
        await using var database = await Schema.WithItemsAsync(test);

        await database.WriteAsync(session => Task.WhenAll(Enumerable.Range(0, 20).Select(id => session.AddAsync(id))));

        Assert.Equal(20, await database.CountAsync());
    }
}
