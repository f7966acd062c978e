using Baton.Database;
using Xunit;

namespace Baton.ServerTests.Mlflow;

/// <summary>A server on each engine, for the tests of a class: each test takes a project of its own.</summary>
public sealed class EngineServers : IAsyncLifetime
{
    private readonly Dictionary<Engine, TestServer> _servers = [];

    internal HttpClient this[Engine engine] => _servers[engine].Http;

    public async ValueTask InitializeAsync()
    {
        foreach (var engine in (Engine[])[Engine.Sqlite, Engine.Postgres])
            _servers[engine] = await TestServer.StartAsync(engine);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers.Values)
            await server.DisposeAsync();
    }
}
