using Baton.Database;
using Baton.Testing;
using Xunit;
using static Baton.ServerTests.RegistryTests;

namespace Baton.ServerTests;

public sealed class AliasTests
{
    private const string Route = "registered-models/alias";

    [Theory, EachDatabase]
    public async Task An_alias_points_moves_and_goes_and_the_ledger_tells_when(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await server.RegisterAsync("m");
        await server.RegisterAsync("m");
        await server.Client.SetAliasAsync("m", "champion", "1");
        await server.Client.SetAliasAsync("m", "Champion", "2");
        Assert.Equal("1", (await server.Client.GetVersionByAliasAsync("m", "champion")).Version);
        await server.Client.SetAliasAsync("m", "champion", "2");
        await server.Client.SetAliasAsync("m", "champion", "2");
        Assert.Equal(["Champion", "champion"], (await server.Client.GetVersionByAliasAsync("m", "champion")).Aliases);
        await server.Client.DeleteAliasAsync("m", "champion");
        await DoneAsync(server, HttpMethod.Delete, Route, new { name = "m", alias = "champion" });
        await DoneAsync(server, HttpMethod.Delete, Route, new { name = "m", alias = "never-there" });
        Assert.Equal("INVALID_PARAMETER_VALUE", (await RefusedAsync(server, 400, "Registered model alias champion not found.", HttpMethod.Get, $"{Route}?name=m&alias=champion")).Code);

        var told = (await server.Client.ReadLedgerAsync("models/m")).Entries.Where(e => e.Action.StartsWith("alias.", StringComparison.Ordinal)).Select(e => $"{e.Action} {e.Detail}");
        Assert.Equal(
            [
                """alias.set {"alias":"champion","version":1}""",
                """alias.set {"alias":"Champion","version":2}""",
                """alias.set {"alias":"champion","version":2,"previous":1}""",
                """alias.deleted {"alias":"champion","version":2}""",
            ],
            told);
    }

    [Theory, EachDatabase]
    public async Task Only_lawful_names_are_taken(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await server.RegisterAsync("m");
        foreach (var good in (string[])["a", "A-b_c", "v1a", "v", "été", "1", "latest-2", new string('a', 255), string.Concat(Enumerable.Repeat("\U00020000", 255))])
        {
            await server.Client.SetAliasAsync("m", good, "1");
            Assert.Equal("1", (await server.Client.GetVersionByAliasAsync("m", good)).Version);
        }

        foreach (var (bad, message) in ((string, string)[])
            [
                ("a b", "Invalid alias name: 'a b'. Names may only contain alphanumerics, underscores (_), and dashes (-)."),
                ("a.b", "Invalid alias name: 'a.b'."),
                ("a\n", "Invalid alias name: 'a\n'."),
                ("@", "Invalid alias name: '@'."),
                ("Latest", "'latest' alias name (case insensitive) is reserved."),
                ("v1", "Version alias name 'v1' is reserved."),
                ("V007", "Version alias name 'V007' is reserved."),
                (new string('a', 256), "'Registered model alias name' exceeds the maximum length of 255 characters"),
                ("", "Missing value for required parameter 'alias'."),
            ])
            Assert.Equal("INVALID_PARAMETER_VALUE", (await RefusedAsync(server, 400, message, HttpMethod.Post, Route, new { name = "m", alias = bad, version = "1" })).Code);
        await RefusedAsync(server, 404, "Model Version (name=m, version=2) not found", HttpMethod.Post, Route, new { name = "m", alias = "a", version = "2" });
        await RefusedAsync(server, 404, "Registered Model with name=x not found", HttpMethod.Post, Route, new { name = "x", alias = "a", version = "1" });
        await RefusedAsync(server, 404, "Registered Model with name=x not found", HttpMethod.Get, $"{Route}?name=x&alias=a");
        await RefusedAsync(server, 404, "Registered Model with name=x not found", HttpMethod.Delete, Route, new { name = "x", alias = "a" });
        await RefusedAsync(server, 400, "Invalid value 1 for parameter 'version' supplied:  Hint: Value was of type 'int'.", HttpMethod.Post, Route, new { name = "m", alias = "a", version = 1 });
    }

    [Theory, EachDatabase]
    public async Task Latest_is_the_highest_version_whatever_the_stages(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await server.Client.EnsureRegisteredModelAsync("m");
        await RefusedAsync(server, 400, "Registered model alias latest not found.", HttpMethod.Get, $"{Route}?name=m&alias=latest");
        for (var i = 0; i < 3; i++)
            await server.RegisterAsync("m");
        await DoneAsync(server, HttpMethod.Post, "model-versions/transition-stage", new { name = "m", version = "1", stage = "Production" });
        Assert.Equal("3", (await server.Client.GetVersionByAliasAsync("m", "latest")).Version);
        await server.Client.DeleteModelVersionAsync("m", "3");
        Assert.Equal("2", (await server.Client.GetVersionByAliasAsync("m", "LATEST")).Version);
    }

    [Theory, EachDatabase]
    public async Task A_deleted_version_takes_its_aliases_with_it(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await server.RegisterAsync("m");
        await server.RegisterAsync("m");
        await server.Client.SetAliasAsync("m", "a", "1");
        await server.Client.SetAliasAsync("m", "b", "1");
        await server.Client.SetAliasAsync("m", "c", "2");
        await server.Client.DeleteModelVersionAsync("m", "1");
        Assert.Equal("""[{"alias":"c","version":"2"}]""", (await DoneAsync(server, HttpMethod.Get, "registered-models/get?name=m"))["registered_model"]!["aliases"]!.ToJsonString());
        await RefusedAsync(server, 400, "Registered model alias a not found.", HttpMethod.Get, $"{Route}?name=m&alias=a");
        var told = (await server.Client.ReadLedgerAsync("models/m")).Entries.Where(e => e.Action == "alias.deleted").Select(e => e.Detail!.Value.GetRawText());
        Assert.Equal(["""{"alias":"a","version":1}""", """{"alias":"b","version":1}"""], told);
    }

    [Theory, EachDatabase]
    public async Task Set_by_many_at_once_an_alias_points_to_one_version_and_the_ledger_is_a_chain(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await server.Client.EnsureRegisteredModelAsync("m");
        for (var i = 0; i < 6; i++)
            await DoneAsync(server, HttpMethod.Post, "model-versions/create", new { name = "m", source = "s3://b/m" });
        await Task.WhenAll(Enumerable.Range(0, 24).Select(i => server.Client.SetAliasAsync("m", "champion", $"{(i % 6) + 1}")));
        var moves = (await server.Client.ReadLedgerAsync("models/m")).Entries.Where(e => e.Action == "alias.set").Select(e => e.Detail!.Value).ToList();
        for (var i = 1; i < moves.Count; i++)
            Assert.Equal(moves[i - 1].GetProperty("version").GetInt64(), moves[i].GetProperty("previous").GetInt64());
        Assert.Equal($"{moves[^1].GetProperty("version")}", (await server.Client.GetVersionByAliasAsync("m", "champion")).Version);
    }
}
