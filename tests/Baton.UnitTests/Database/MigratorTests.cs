using Baton.Database;
using Baton.Testing;
using Xunit;

namespace Baton.UnitTests.Database;

public sealed class MigratorTests
{
    private const string Items = "CREATE TABLE items (id BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL);\nCREATE INDEX items_by_name ON items (name);";
    private const string Column = "ALTER TABLE items ADD COLUMN note TEXT NULL";

    [Theory, EachDatabase]
    public async Task Steps_run_once_in_their_order(Engine engine)
    {
        await using var test = await TestDatabase.CreateAsync(engine);
        await using (var first = await Schema.OpenAsync(test, Items))
            await first.WriteAsync(session => session.AddAsync(1));

        await using var second = await Schema.OpenAsync(test, Items, Column);

        Assert.Equal(1, await second.ReadAsync(session => session.ScalarAsync<long>("SELECT id FROM items WHERE note IS NULL")));
        Assert.Equal([1, 2], await second.ReadAsync(session => session.QueryAsync<long>("SELECT number FROM schema_migrations ORDER BY number")));
    }

    [Theory, EachDatabase]
    public async Task A_step_that_fails_halfway_leaves_nothing_of_itself(Engine engine)
    {
        await using var test = await TestDatabase.CreateAsync(engine);

        var failed = await Assert.ThrowsAsync<DatabaseException>(() => Schema.OpenAsync(test, Items, "CREATE TABLE half (id BIGINT); INSERT INTO nowhere VALUES (1);"));
        await using var mended = await Schema.OpenAsync(test, Items, "CREATE TABLE half (id BIGINT)");

        Assert.Contains("Step 2 (step_2)", failed.Message);
        Assert.Contains("nowhere", failed.Message);
        Assert.Equal(0, await mended.CountAsync());
    }

    [Theory, EachDatabase]
    public async Task A_newer_schema_is_refused(Engine engine)
    {
        await using var test = await TestDatabase.CreateAsync(engine);
        await (await Schema.OpenAsync(test, Items, Column)).DisposeAsync();

        var refused = await Assert.ThrowsAsync<DatabaseException>(() => Schema.OpenAsync(test, Items));

        Assert.Contains("step 2 (step_2)", refused.Message);
        Assert.Contains("newer version", refused.Message);
    }

    [Theory, EachDatabase]
    public async Task A_step_changed_after_it_was_applied_is_refused_and_other_line_ends_are_no_change(Engine engine)
    {
        await using var test = await TestDatabase.CreateAsync(engine);
        await (await Schema.OpenAsync(test, Items)).DisposeAsync();

        var refused = await Assert.ThrowsAsync<DatabaseException>(() => Schema.OpenAsync(test, Items + " ", Column));
        await (await Schema.OpenAsync(test, Items.Replace("\n", "\r\n"))).DisposeAsync();

        Assert.Contains("Step 1 (step_1)", refused.Message);
    }

    [Theory, EachDatabase]
    public async Task A_step_slipped_in_below_an_applied_one_is_refused(Engine engine)
    {
        await using var test = await TestDatabase.CreateAsync(engine);
        Migration first = new(1, "items", Items), second = new(2, "slipped_in", Column), third = new(3, "later", "CREATE TABLE later (id BIGINT)");
        await (await BatonDatabase.OpenAsync(test.Connection, TimeProvider.System, _ => [first, third])).DisposeAsync();

        var refused = await Assert.ThrowsAsync<DatabaseException>(() => BatonDatabase.OpenAsync(test.Connection, TimeProvider.System, _ => [first, second, third]));

        Assert.Contains("Step 2 (slipped_in)", refused.Message);
    }

    [Theory, EachDatabase]
    public async Task Replicas_that_start_at_once_migrate_once(Engine engine)
    {
        await using var test = await TestDatabase.CreateAsync(engine);
        var databases = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Schema.OpenAsync(test, Items, Column))));

        foreach (var database in databases)
        {
            Assert.Equal(2, await database.ReadAsync(session => session.ScalarAsync<int>("SELECT COUNT(*) FROM schema_migrations")));
            await database.DisposeAsync();
        }
    }

    [Fact]
    public async Task SQLite_is_backed_up_before_its_schema_changes_and_only_then()
    {
        await using var test = await TestDatabase.CreateAsync(Engine.Sqlite);
        var folder = Path.GetDirectoryName(test.Connection["sqlite:".Length..])!;
        await using (var first = await Schema.OpenAsync(test, Items))
            await first.WriteAsync(session => session.AddAsync(1));
        await (await Schema.OpenAsync(test, Items)).DisposeAsync();
        Assert.Empty(Directory.GetFiles(folder, "*.backup*"));

        await Assert.ThrowsAsync<DatabaseException>(() => Schema.OpenAsync(test, Items, "INSERT INTO nowhere VALUES (1)"));

        var backup = Assert.Single(Directory.GetFiles(folder, "*.backup*"));
        Assert.Contains(".schema-0001-", backup);
        await using var restored = await BatonDatabase.OpenAsync($"sqlite:{backup}", TimeProvider.System, _ => Schema.Steps(Items));
        Assert.Equal(1, await restored.CountAsync());
    }

    [Fact]
    public void A_pair_of_files_gives_each_engine_its_own_and_a_single_file_serves_both()
    {
        (string, string)[] files = [("Baton.Database.Migrations.0002_rules.sqlite.sql", "lite"), ("x.0002_rules.postgres.sql", "pg"), ("0001_base.sql", "both")];

        Assert.Equal(["both", "lite"], Migration.FromFiles(files, Engine.Sqlite).Select(step => step.Sql));
        Assert.Equal(["both", "pg"], Migration.FromFiles(files, Engine.Postgres).Select(step => step.Sql));
    }

    [Theory]
    [InlineData("0001_a.sql", "1_b.sql", "misnamed")]
    [InlineData("0001_a.sql", "0002_b.oracle.sql", "misnamed")]
    [InlineData("0001_a.sql", "0001_b.sql", "number 1")]
    public void Misnamed_files_and_double_numbers_are_refused(string first, string second, string expected) => Assert.Contains(
        expected, Assert.Throws<DatabaseException>(() => Migration.FromFiles([(first, ""), (second, "")], Engine.Sqlite).ToList()).Message);
}
