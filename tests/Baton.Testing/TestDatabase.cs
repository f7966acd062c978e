using Baton.Database;

namespace Baton.Testing;

/// <summary>A fresh, empty database of an engine, gone at the end.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private readonly TempDirectory? _folder;
    private readonly string? _name;

    private TestDatabase(string connection, TempDirectory? folder, string? name)
    {
        Connection = connection;
        _folder = folder;
        _name = name;
    }

    /// <summary>How to open it: <c>sqlite:FILE</c> or <c>postgres:…</c>.</summary>
    public string Connection { get; }

    /// <summary>Makes one.</summary>
    /// <exception cref="InvalidOperationException">PostgreSQL is not installed; the message holds the command that installs it.</exception>
    public static async Task<TestDatabase> CreateAsync(Engine engine)
    {
        if (engine is Engine.Sqlite)
        {
            var folder = new TempDirectory();
            return new TestDatabase($"sqlite:{folder.File("baton.db")}", folder, null);
        }

        var cluster = await PostgresCluster.StartedAsync();
        var name = await cluster.CreateDatabaseAsync();
        return new TestDatabase($"postgres:{cluster.ConnectionTo(name)}", null, name);
    }

    /// <summary>Opens it with Baton's own schema. Close what is opened before this object.</summary>
    public Task<BatonDatabase> OpenAsync(TimeProvider? time = null) => BatonDatabase.OpenAsync(Connection, time ?? TimeProvider.System);

    /// <summary>Removes it.</summary>
    public async ValueTask DisposeAsync()
    {
        _folder?.Dispose();
        if (_name is not null)
            await (await PostgresCluster.StartedAsync()).DropDatabaseAsync(_name);
    }
}
