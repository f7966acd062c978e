using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Baton.Database;
using Baton.Server;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ledger;
using Baton.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Baton.ServerTests;

public sealed class PlatformTests
{
    [Theory]
    [InlineData("GET", "Host", "evil.example", HttpStatusCode.Forbidden)]
    [InlineData("GET", "Host", "10.evil.example", HttpStatusCode.Forbidden)]
    [InlineData("GET", "Host", "localhost.evil.example", HttpStatusCode.Forbidden)]
    [InlineData("POST", "Origin", "http://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("POST", "Origin", "http://localhost:1", HttpStatusCode.Forbidden)]
    [InlineData("POST", "Origin", "null", HttpStatusCode.Forbidden)]
    [InlineData("POST", "Sec-Fetch-Site", "cross-site", HttpStatusCode.Forbidden)]
    [InlineData("GET", "Sec-Fetch-Site", "cross-site", HttpStatusCode.Forbidden)]
    [InlineData("POST", "Sec-Fetch-Site", "same-origin", HttpStatusCode.BadRequest)]
    [InlineData("GET", "Authorization", "Bearer wrong", HttpStatusCode.Unauthorized)]
    [InlineData("GET", "Authorization", "Bearer " + TestServer.AgentToken, HttpStatusCode.Forbidden)]
    public async Task Foreign_pages_and_tokens_are_kept_out(string verb, string header, string value, HttpStatusCode expected)
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        using var request = new HttpRequestMessage(new HttpMethod(verb), verb == "GET" ? "api/v1/ledger" : "api/2.0/mlflow/experiments/create");
        if (verb == "POST")
            request.Content = new StringContent("{}", System.Text.Encoding.UTF8, "application/json");
        request.Headers.TryAddWithoutValidation(header, value);
        using var response = await server.Http.SendAsync(request);
        Assert.Equal(expected, response.StatusCode);
        Assert.DoesNotContain("   at ", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_and_metrics_answer()
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        Assert.Equal("OK", await server.Http.GetStringAsync("health"));
        Assert.Matches(@"^\d+\.\d+\.\d+", await server.Http.GetStringAsync("version"));
        Assert.Contains("http_server_request_duration_seconds_count", await server.Http.GetStringAsync("metrics"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Routes_are_the_approved_ones_and_each_carries_a_permission()
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        var routes = server.Running.Services.GetServices<EndpointDataSource>().SelectMany(s => s.Endpoints).OfType<RouteEndpoint>()
            .Select(e => (
                Verbs: string.Join(",", e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["ANY"]),
                Path: "/" + e.RoutePattern.RawText!.TrimStart('/'),
                Permission: e.Metadata.GetMetadata<Permission>()?.Name ?? "NONE"))
            .Select(r => $"{r.Verbs} {r.Path} ({r.Permission})").Distinct().Order(StringComparer.Ordinal).ToList();
        Assert.DoesNotContain(routes, r => r.EndsWith("(NONE)", StringComparison.Ordinal));
        Approved.Match(string.Join('\n', routes), "routes");
    }

    [Fact]
    public async Task A_route_without_a_permission_keeps_the_server_from_starting()
    {
        await using var app = WebApplication.CreateSlimBuilder().Build();
        app.MapGet("/closed", () => "x").Requires(Permission.ReadRuns);
        app.CheckPermissions();
        app.MapGet("/open", () => "x");
        Assert.Contains("/open", Assert.Throws<InvalidOperationException>(() => app.CheckPermissions()).Message, StringComparison.Ordinal);
    }

    [Theory, EachDatabase]
    public async Task The_ledger_cannot_be_changed_and_a_forged_row_shows(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await server.RegisterAsync("m");
        var database = server.Running.Services.GetRequiredService<BatonDatabase>();
        var ledger = server.Running.Services.GetRequiredService<ReadLedger>();
        Assert.Null(await ledger.FirstBrokenAsync(CancellationToken.None));
        await Assert.ThrowsAnyAsync<Exception>(() => database.WriteAsync(sql => sql.ExecuteAsync("UPDATE ledger SET actor = 'somebody else'")));
        await Assert.ThrowsAnyAsync<Exception>(() => database.WriteAsync(sql => sql.ExecuteAsync("DELETE FROM ledger")));
        Assert.Null(await ledger.FirstBrokenAsync(CancellationToken.None));
        var next = await database.ReadAsync(sql => sql.ScalarAsync<long>("SELECT MAX(seq) + 1 FROM ledger"));
        await database.WriteAsync(sql => sql.ExecuteAsync(
            """
            INSERT INTO ledger (seq, id, project, at, actor, action, subject, detail, hash)
            VALUES (@next, 'forged', 'default', 1, 'nobody', 'promotion.done', 'models/m/versions/1', '{}', 'sha256:00')
            """,
            new { next }));
        Assert.Equal(next, await ledger.FirstBrokenAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Every_fault_of_the_options_is_named_at_once()
    {
        var options = new ServerOptions { DataDirectory = " ", Host = "0.0.0.0", Port = 70000, Database = "mysql:x", Blobs = "ftp:x", AgentToken = "short" };
        var refused = await Assert.ThrowsAsync<InvalidOptionsException>(() => ServerHost.StartAsync(options, TimeProvider.System, CancellationToken.None));
        Assert.Equal(6, refused.Problems.Count);
        Assert.Contains(refused.Problems, p => p.Contains("0.0.0.0 is not a loopback address", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_port_in_use_is_said_clearly()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        using var directory = new TempDirectory();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var refused = await Assert.ThrowsAsync<CannotListenException>(
            () => ServerHost.StartAsync(new ServerOptions { DataDirectory = directory.Path, Port = port }, TimeProvider.System, CancellationToken.None));
        Assert.Contains($"127.0.0.1:{port}", refused.Message, StringComparison.Ordinal);
        Assert.Contains("--port", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_does_not_answer_is_told_apart_from_one_that_cannot_be_used()
    {
        using var directory = new TempDirectory();
        var options = new ServerOptions { DataDirectory = directory.Path, Port = 0, Database = "postgres:Host=127.0.0.1;Port=1;Timeout=2;Database=x;Username=x" };
        var away = await Assert.ThrowsAsync<CannotOpenDatabaseException>(() => ServerHost.StartAsync(options, TimeProvider.System, CancellationToken.None));
        Assert.True(away.Unreachable);
        await File.WriteAllTextAsync(directory.File("not.db"), "this is a text file and no database at all, however long it may be");
        var unusable = await Assert.ThrowsAsync<CannotOpenDatabaseException>(
            () => ServerHost.StartAsync(options with { Database = $"sqlite:{directory.File("not.db")}" }, TimeProvider.System, CancellationToken.None));
        Assert.False(unusable.Unreachable);
        Assert.Contains("not.db", unusable.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_error_code_stands_in_the_docs()
    {
        var documented = Regex.Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs", "errors.md")), @"^\| `(\w+)` \| (\d+) \| `(\w+)` \|", RegexOptions.Multiline)
            .Select(m => (m.Groups[1].Value, int.Parse(m.Groups[2].Value), m.Groups[3].Value)).Order();
        Assert.Equal(ProblemCode.All.Select(c => (c.Code, c.Status, c.MlflowCode)).Order(), documented);
    }
}
