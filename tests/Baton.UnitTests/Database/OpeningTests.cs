using Baton.Database;
using Baton.Testing;
using Xunit;

namespace Baton.UnitTests.Database;

public sealed class OpeningTests
{
    [Theory]
    [InlineData("mysql:Host=x", "sqlite:FILE")]
    [InlineData("baton.db", "sqlite:FILE")]
    [InlineData("sqlite:", "sqlite:FILE")]
    [InlineData("sqlite::memory:", "name a file")]
    [InlineData("sqlite:/nowhere/at/all/baton.db", "folder does not exist")]
    [InlineData("postgres:Hots=x", "Expected postgres:Host=")]
    [InlineData("postgres:Host=127.0.0.1;Port=1;Username=u;Database=lap", "'lap' at 127.0.0.1:1 cannot be opened")]
    public async Task What_cannot_be_opened_is_named_with_what_was_expected(string connection, string expected)
    {
        var refused = await Assert.ThrowsAnyAsync<DatabaseException>(() => BatonDatabase.OpenAsync(connection, TimeProvider.System));

        Assert.Contains(expected, refused.Message);
    }

    [Fact]
    public async Task A_password_in_a_wrong_connection_is_not_shown()
    {
        var refused = await Assert.ThrowsAsync<DatabaseException>(() => BatonDatabase.OpenAsync("pg:Host=x;Password=secret", TimeProvider.System));

        Assert.DoesNotContain("secret", refused.Message);
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_left_as_it_is()
    {
        using var folder = new TempDirectory();
        var path = folder.File("notes.txt");
        var text = string.Concat(Enumerable.Repeat("These are notes, not a database.\n", 100));
        await File.WriteAllTextAsync(path, text);

        var refused = await Assert.ThrowsAsync<DatabaseException>(() => BatonDatabase.OpenAsync($"sqlite:{path}", TimeProvider.System));

        Assert.Contains(path, refused.Message);
        Assert.Contains("not a SQLite database", refused.Message);
        Assert.Equal(text, await File.ReadAllTextAsync(path));
    }

    [Fact]
    public async Task A_PostgreSQL_database_that_sorts_by_language_is_refused_with_the_command_that_makes_a_right_one()
    {
        var cluster = await PostgresCluster.StartedAsync();
        var name = $"baton_test_locale_{Environment.ProcessId}";
        await cluster.ExecuteAsync($"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C'");
        try
        {
            var refused = await Assert.ThrowsAsync<DatabaseException>(() => BatonDatabase.OpenAsync($"postgres:{cluster.ConnectionTo(name)}", TimeProvider.System));

            Assert.Contains($"CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C'", refused.Message);
        }
        finally
        {
            await cluster.DropDatabaseAsync(name);
        }
    }

    [Theory, EachDatabase]
    public async Task Batons_own_schema_applies_and_opens_again(Engine engine)
    {
        await using var test = await TestDatabase.CreateAsync(engine);
        await using (await test.OpenAsync())
        {
        }

        await using var again = await test.OpenAsync();

        Assert.Equal(
            Migration.Embedded(engine).Count,
            await again.ReadAsync(session => session.ScalarAsync<int>("SELECT COUNT(*) FROM schema_migrations")));
    }

    [Fact]
    public void Both_engines_have_the_same_steps() => Assert.Equal(
        Migration.Embedded(Engine.Sqlite).Select(step => (step.Number, step.Name)), Migration.Embedded(Engine.Postgres).Select(step => (step.Number, step.Name)));
}
