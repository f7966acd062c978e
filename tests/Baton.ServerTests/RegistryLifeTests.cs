using System.Text.Json;
using Baton.Client;
using Baton.Database;
using Baton.Testing;
using Xunit;
using static Baton.ServerTests.RegistryTests;

namespace Baton.ServerTests;

/// <summary>Renaming and deleting models.</summary>
public sealed class RegistryLifeTests
{
    [Theory, EachDatabase]
    public async Task Renaming_takes_versions_tags_and_aliases_along(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await server.RegisterAsync("old");
        var source = (await server.RegisterAsync("old")).Source;
        await server.Client.SetAliasAsync("old", "champion", "2");
        await DoneAsync(server, HttpMethod.Post, "registered-models/set-tag", new { name = "old", key = "k", value = "v" });
        await DoneAsync(server, HttpMethod.Post, "model-versions/set-tag", new { name = "old", version = "2", key = "vk", value = "vv" });
        var uri = await server.Client.GetDownloadUriAsync("old", "2");

        var renamed = (await DoneAsync(server, HttpMethod.Post, "registered-models/rename", new { name = "old", new_name = "new" }))["registered_model"]!;
        Assert.Equal("new", renamed["name"]!.GetValue<string>());
        Assert.Equal("""[{"alias":"champion","version":"2"}]""", renamed["aliases"]!.ToJsonString());
        Assert.Equal("""[{"key":"k","value":"v"}]""", renamed["tags"]!.ToJsonString());
        var version = await server.Client.GetVersionByAliasAsync("new", "champion");
        Assert.Equal(("new", "2", source, "vk"), (version.Name, version.Version, version.Source, Assert.Single(version.Tags!).Key));
        Assert.Equal(uri, await server.Client.GetDownloadUriAsync("new", "2"));
        Assert.Equal("1", (await server.Client.GetModelVersionAsync("new", "1")).Version);
        await RefusedAsync(server, 404, "Registered Model with name=old not found", HttpMethod.Get, "registered-models/get?name=old");
        await RefusedAsync(server, 404, "Model Version (name=old, version=1) not found", HttpMethod.Get, "model-versions/get?name=old&version=1");

        Assert.Equal("new", (await LastAsync(server, "models/old", "model.renamed")).GetProperty("to").GetString());
        var continued = await LastAsync(server, "models/new", "model.continued");
        Assert.Equal(("old", 2, 2), (continued.GetProperty("from").GetString(), continued.GetProperty("last_version").GetInt32(), continued.GetProperty("aliases").GetProperty("champion").GetInt32()));

        // What holds the packages has moved along: nothing is held under the old name.
        await using var database = await BatonDatabase.OpenAsync(server.DatabaseConnection, TimeProvider.System);
        var holders = await database.ReadAsync(sql => sql.QueryAsync<string>("SELECT DISTINCT holder FROM blob_references WHERE holder LIKE 'models/%' ORDER BY holder"));
        Assert.Equal(["models/new/versions/1", "models/new/versions/2"], holders);
        Assert.Equal("3", (await server.RegisterAsync("new")).Version);
    }

    [Theory, EachDatabase]
    public async Task A_name_that_is_taken_or_was_anothers_is_refused_and_ones_own_is_not(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await server.RegisterAsync("a");
        await server.RegisterAsync("b");
        Assert.Equal("RESOURCE_ALREADY_EXISTS", (await RenameAsync(400, "Registered Model (name=b) already exists.", "a", "b")).Code);
        await DoneAsync(server, HttpMethod.Post, "registered-models/rename", new { name = "a", new_name = "a" });
        await RenameAsync(404, "Registered Model with name=none not found", "none", "x");

        await DoneAsync(server, HttpMethod.Delete, "registered-models/delete", new { name = "b" });
        Assert.Contains("the ledger speaks of its versions up to 1", (await RenameAsync(409, "The name 'b' was another model's", "a", "b")).Message, StringComparison.Ordinal);

        foreach (var (from, to) in ((string, string)[])[("a", "c"), ("c", "d"), ("d", "a"), ("a", "c")])
            await DoneAsync(server, HttpMethod.Post, "registered-models/rename", new { name = from, new_name = to });
        Assert.Equal("2", (await server.RegisterAsync("c")).Version);

        // A new model under the name that c had once goes on where that ended; c cannot come back to it then.
        Assert.Equal("2", (await server.RegisterAsync("a")).Version);
        await DoneAsync(server, HttpMethod.Delete, "registered-models/delete", new { name = "a" });
        await RenameAsync(409, "The name 'a' was another model's", "c", "a");

        // A model that never had a version can be mistaken for none.
        await DoneAsync(server, HttpMethod.Post, "registered-models/create", new { name = "empty" });
        await DoneAsync(server, HttpMethod.Post, "registered-models/rename", new { name = "empty", new_name = "b" });
        Assert.Equal("2", (await server.RegisterAsync("b")).Version);

        Task<(string Code, string Message)> RenameAsync(int status, string message, string from, string to) =>
            RefusedAsync(server, status, message, HttpMethod.Post, "registered-models/rename", new { name = from, new_name = to });
    }

    [Theory, EachDatabase]
    public async Task Of_many_renamings_to_one_name_at_once_one_is_done(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        for (var i = 0; i < 8; i++)
            await DoneAsync(server, HttpMethod.Post, "registered-models/create", new { name = $"m{i}" });
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => server.MlflowAsync(HttpMethod.Post, "registered-models/rename", new { name = $"m{i}", new_name = "one" })));
        Assert.Single(answers, a => a.Status == 200);
        Assert.All(answers.Where(a => a.Status != 200), a => Assert.Equal((400, "RESOURCE_ALREADY_EXISTS"), (a.Status, a.Body["error_code"]!.GetValue<string>())));
    }

    [Theory, EachDatabase]
    public async Task A_model_is_deleted_with_all_it_has_and_its_numbers_are_not_used_again(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await server.RegisterAsync("m");
        await server.RegisterAsync("m");
        await server.Client.SetAliasAsync("m", "champion", "1");
        await DoneAsync(server, HttpMethod.Post, "registered-models/set-tag", new { name = "m", key = "k", value = "v" });
        await DoneAsync(server, HttpMethod.Post, "model-versions/set-tag", new { name = "m", version = "1", key = "k", value = "v" });
        await DoneAsync(server, HttpMethod.Post, "model-versions/transition-stage", new { name = "m", version = "1", stage = "Production" });
        await DoneAsync(server, HttpMethod.Delete, "registered-models/delete", new { name = "m" });

        await RefusedAsync(server, 404, "Registered Model with name=m not found", HttpMethod.Get, "registered-models/get?name=m");
        await RefusedAsync(server, 404, "Registered Model with name=m not found", HttpMethod.Get, "registered-models/alias?name=m&alias=champion");
        await RefusedAsync(server, 404, "Model Version (name=m, version=1) not found", HttpMethod.Get, "model-versions/get?name=m&version=1");
        await RefusedAsync(server, 404, "Registered Model with name=m not found", HttpMethod.Delete, "registered-models/delete", new { name = "m" });
        var deleted = await LastAsync(server, "models/m", "model.deleted");
        Assert.Equal("""{"last_version":2,"versions":[1,2],"aliases":{"champion":1}}""", deleted.GetRawText());

        var again = await server.RegisterAsync("m");
        Assert.Equal(("3", null, null), (again.Version, again.Tags, again.Aliases));
        var model = (await DoneAsync(server, HttpMethod.Get, "registered-models/get?name=m"))["registered_model"]!;
        Assert.Equal((null, null, 1), (model["tags"], model["aliases"], model["latest_versions"]!.AsArray().Count));
    }

    [Theory, EachDatabase]
    public async Task What_another_leg_keeps_something_of_is_neither_deleted_nor_renamed(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await server.RegisterAsync("deployed");
        await server.Client.DeployAsync("e", "deployed", "1");
        await server.Client.RemoveEndpointAsync("e");
        await server.RegisterAsync("proposed");
        await server.Client.ProposeContractAsync("proposed", TestServer.ContractOf("proposed"));
        foreach (var (name, why) in ((string, string)[])[("deployed", "the endpoint e serves or served its versions"), ("proposed", "a contract was proposed for it")])
        {
            var delete = await RefusedAsync(server, 409, $"{name} may not be deleted: ", HttpMethod.Delete, "registered-models/delete", new { name });
            var rename = await RefusedAsync(server, 409, $"{name} may not be renamed: ", HttpMethod.Post, "registered-models/rename", new { name, new_name = "x" });
            Assert.Contains(why, delete.Message, StringComparison.Ordinal);
            Assert.Contains(why, rename.Message, StringComparison.Ordinal);
            Assert.Equal("1", (await server.Client.GetModelVersionAsync(name, "1")).Version);
        }
    }

    [Theory, EachDatabase]
    public async Task A_model_deleted_while_versions_are_made_leaves_none_behind(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        for (var round = 0; round < 5; round++)
        {
            await DoneAsync(server, HttpMethod.Post, "registered-models/create", new { name = "m" });
            var work = Enumerable.Range(0, 6)
                .Select(_ => server.MlflowAsync(HttpMethod.Post, "model-versions/create", new { name = "m", source = "s3://b/m" }))
                .Append(server.MlflowAsync(HttpMethod.Delete, "registered-models/delete", new { name = "m" }));
            Assert.All(await Task.WhenAll(work), a => Assert.True(a.Status is 200 or 404, a.Body.ToJsonString()));
            await RefusedAsync(server, 404, "", HttpMethod.Get, "registered-models/get?name=m");
        }

        await using var database = await BatonDatabase.OpenAsync(server.DatabaseConnection, TimeProvider.System);
        Assert.Equal(0, await database.ReadAsync(sql => sql.ScalarAsync<long>("SELECT COUNT(*) FROM model_versions")));
    }

    private static async Task<JsonElement> LastAsync(TestServer server, string subject, string action) =>
        (await server.Client.ReadLedgerAsync(subject)).Entries.Last(e => e.Action == action).Detail!.Value;
}
