using Baton.Database;
using Baton.Testing;

namespace Baton.UnitTests.Database;

/// <summary>Opens test databases with steps of the test's own.</summary>
internal static class Schema
{
    private const string Items = "CREATE TABLE items (id BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL UNIQUE)";

    public static async Task<BatonDatabase> WithItemsAsync(TestDatabase database, TimeSpan? writeLimit = null) =>
        await BatonDatabase.OpenAsync(database.Connection, TimeProvider.System, _ => Steps(Items), writeLimit: writeLimit);

    public static Task<BatonDatabase> OpenAsync(TestDatabase database, params string[] steps) =>
        BatonDatabase.OpenAsync(database.Connection, TimeProvider.System, _ => Steps(steps));

    public static IReadOnlyList<Migration> Steps(params string[] steps) =>
        [.. steps.Select((sql, index) => new Migration(index + 1, $"step_{index + 1}", sql))];

    public static Task<int> AddAsync(this Session session, long id, string? name = null) =>
        session.ExecuteAsync("INSERT INTO items (id, name) VALUES (@id, @name)", new { id, name = name ?? $"item {id}" });

    public static Task<long> CountAsync(this BatonDatabase database) =>
        database.ReadAsync(session => session.ScalarAsync<long>("SELECT COUNT(*) FROM items"));
}
