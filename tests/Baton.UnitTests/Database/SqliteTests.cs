using System.Diagnostics;
using Baton.Database;
using Baton.Testing;
using Xunit;

namespace Baton.UnitTests.Database;

public sealed class SqliteTests
{
    [Fact]
    public async Task It_runs_in_wal_mode_with_full_sync_and_foreign_keys()
    {
        await using var test = await TestDatabase.CreateAsync(Engine.Sqlite);
        await using var database = await Schema.OpenAsync(test);
        Task<string> PragmaAsync(string name) => database.WriteAsync(session => session.ScalarAsync<string>($"PRAGMA {name}"));

        Assert.Equal(("wal", "2", "1"), (await PragmaAsync("journal_mode"), await PragmaAsync("synchronous"), await PragmaAsync("foreign_keys")));
    }

    [Fact]
    public async Task Queued_writes_share_a_commit()
    {
        await using var test = await TestDatabase.CreateAsync(Engine.Sqlite);
        await using var database = await Schema.WithItemsAsync(test);
        var gate = new TaskCompletionSource();
        var holder = database.WriteAsync(async session => await gate.Task.ContinueWith(_ => 0));
        var states = Enumerable.Range(1, 100).Select(id => database.WriteAsync(async session =>
        {
            await session.AddAsync(id);
            return await session.ScalarAsync<long>("SELECT COUNT(*) FROM items");
        })).ToList();
        gate.SetResult();
        await holder;
        await states[0];

        // The first is told only when the group's one commit is done, and then all others are in it.
        Assert.Equal(100, await database.CountAsync());
        Assert.Equal(Enumerable.Range(1, 100).Select(count => (long)count), await Task.WhenAll(states));
    }

    [Fact]
    public async Task A_write_withdrawn_before_it_starts_never_runs()
    {
        await using var test = await TestDatabase.CreateAsync(Engine.Sqlite);
        await using var database = await Schema.WithItemsAsync(test);
        using var cancel = new CancellationTokenSource();
        var gate = new TaskCompletionSource();
        var begun = new TaskCompletionSource();
        var ran = false;
        var holder = database.WriteAsync(async session =>
        {
            begun.SetResult();
            await gate.Task;
            return 0;
        });
        await begun.Task;

        var queued = database.WriteAsync(
            session =>
            {
                ran = true;
                return session.AddAsync(1);
            },
            cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => queued);
        gate.SetResult();
        await holder;

        Assert.Equal(0, await database.CountAsync());
        Assert.False(ran);
    }

    [Fact]
    public async Task A_lock_held_by_another_process_is_told_soon_and_passes_with_the_lock()
    {
        await using var test = await TestDatabase.CreateAsync(Engine.Sqlite);
        await using var database = await Schema.WithItemsAsync(test);
        await using var other = await Schema.WithItemsAsync(test);
        var release = new TaskCompletionSource();
        var holding = new TaskCompletionSource();
        var holder = other.WriteAsync(async session =>
        {
            await session.AddAsync(1);
            holding.SetResult();
            await release.Task;
            return 0;
        });
        await holding.Task;

        var watch = Stopwatch.StartNew();
        await Assert.ThrowsAsync<DatabaseUnavailableException>(() => database.WriteAsync(session => session.AddAsync(2)));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), $"It took {watch.Elapsed}.");
        Assert.Equal(0, await database.CountAsync());
        release.SetResult();
        await holder;
        await database.WriteAsync(session => session.AddAsync(2));

        Assert.Equal(2, await database.CountAsync());
    }

    [Fact]
    public async Task Closing_finishes_what_was_queued_and_then_refuses()
    {
        await using var test = await TestDatabase.CreateAsync(Engine.Sqlite);
        var database = await Schema.WithItemsAsync(test);
        var writes = Enumerable.Range(0, 300).Select(id => database.WriteAsync(session => session.AddAsync(id))).ToList();

        await database.DisposeAsync();

        await Task.WhenAll(writes);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => database.WriteAsync(session => session.AddAsync(1000)));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => database.CountAsync());
        await using var again = await Schema.WithItemsAsync(test);
        Assert.Equal(300, await again.CountAsync());
    }

    [Fact]
    public async Task A_full_disk_fails_the_write_and_nothing_else()
    {
        await using var test = await TestDatabase.CreateAsync(Engine.Sqlite);
        await using var database = await Schema.WithItemsAsync(test);
        // A database at its largest allowed size answers SQLITE_FULL, as a full disk does.
        await database.WriteAsync(session => session.ScalarAsync<long>("PRAGMA max_page_count = 20"));

        var full = await Assert.ThrowsAsync<DatabaseUnavailableException>(() => database.WriteAsync(session => session.AddAsync(1, new string('x', 200_000))));
        await database.WriteAsync(session => session.AddAsync(2));

        Assert.Contains("full", full.Message);
        Assert.Equal([2], await database.ReadAsync(session => session.QueryAsync<long>("SELECT id FROM items")));
    }
}
