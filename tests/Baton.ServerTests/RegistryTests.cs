using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Baton.Client;
using Baton.Database;
using Baton.Testing;
using Xunit;

namespace Baton.ServerTests;

public sealed partial class RegistryTests
{
    private const string Create = "registered-models/create";
    private const string Elsewhere = "s3://bucket/model";

    [Theory, EachDatabase]
    public async Task What_is_set_is_answered_and_what_is_not_is_left_out(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await AnswersAsync(
            server, HttpMethod.Post, Create, new { name = "m" },
            """{"registered_model":{"name":"m","creation_timestamp":T,"last_updated_timestamp":T}}""");
        await AnswersAsync(
            server, HttpMethod.Post, "model-versions/create", new { name = "m", source = Elsewhere },
            """{"model_version":{"name":"m","version":"1","creation_timestamp":T,"last_updated_timestamp":T,"current_stage":"None","description":"","source":"s3://bucket/model","run_id":"","status":"READY","run_link":""}}""");
        await DoneAsync(server, HttpMethod.Post, "registered-models/alias", new { name = "m", alias = "champion", version = "1" });
        const string version = """{"name":"m","version":"1","creation_timestamp":T,"last_updated_timestamp":T,"current_stage":"None","description":"","source":"s3://bucket/model","run_id":"","status":"READY","tags":[{"key":"a","value":"b"}],"run_link":"","aliases":["champion"]}""";
        var bare = version.Replace(""","aliases":["champion"]""", "", StringComparison.Ordinal);
        await DoneAsync(server, HttpMethod.Post, "model-versions/set-tag", new { name = "m", version = "1", key = "a", value = "b" });
        await AnswersAsync(server, HttpMethod.Get, "model-versions/get?name=m&version=1", null, $$"""{"model_version":{{version}}}""");
        await AnswersAsync(server, HttpMethod.Get, "registered-models/alias?name=m&alias=champion", null, $$"""{"model_version":{{version}}}""");
        await AnswersAsync(server, HttpMethod.Post, "registered-models/get-latest-versions", new { name = "m" }, $$"""{"model_versions":[{{version}}]}""");
        await AnswersAsync(server, HttpMethod.Get, "registered-models/get-latest-versions?name=m&stages=none", null, $$"""{"model_versions":[{{version}}]}""");
        await AnswersAsync(server, HttpMethod.Get, "registered-models/get-latest-versions?name=m&stages=Production&stages=Staging", null, "{}");
        await AnswersAsync(
            server, HttpMethod.Get, "registered-models/get?name=m", null,
            $$$"""{"registered_model":{"name":"m","creation_timestamp":T,"last_updated_timestamp":T,"latest_versions":[{{{bare}}}],"aliases":[{"alias":"champion","version":"1"}]}}""");
        await AnswersAsync(server, HttpMethod.Get, "model-versions/get-download-uri?name=m&version=1", null, """{"artifact_uri":"s3://bucket/model"}""");
        await AnswersAsync(
            server, HttpMethod.Patch, "model-versions/update", new { name = "m", version = "1", description = "d" },
            $$"""{"model_version":{{version.Replace("\"description\":\"\"", "\"description\":\"d\"", StringComparison.Ordinal)}}}""");
        await AnswersAsync(server, HttpMethod.Patch, "model-versions/update", new { name = "m", version = "1" }, $$"""{"model_version":{{version}}}""");
    }

    [Theory, EachDatabase]
    public async Task A_model_is_described_tagged_and_cleared(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var made = await DoneAsync(server, HttpMethod.Post, Create, new
        {
            name = "a 'quoted' mödel",
            description = "",
            tags = new[] { new { key = "k", value = "first" }, new { key = "k", value = "last" } },
        });
        Assert.Equal("""[{"key":"k","value":"last"}]""", made["registered_model"]!["tags"]!.ToJsonString());
        Assert.Equal("", made["registered_model"]!["description"]!.GetValue<string>());
        await DoneAsync(server, HttpMethod.Patch, "registered-models/update", new { name = "a 'quoted' mödel", description = "what it is" });
        Assert.Equal("what it is", (await server.Client.GetRegisteredModelAsync("a 'quoted' mödel")).Description);
        Assert.Null((await DoneAsync(server, HttpMethod.Patch, "registered-models/update", new { name = "a 'quoted' mödel" }))["registered_model"]!["description"]);

        await DoneAsync(server, HttpMethod.Post, "registered-models/set-tag", new { name = "a 'quoted' mödel", key = "k", value = "now" });
        await DoneAsync(server, HttpMethod.Post, "registered-models/set-tag", new { name = "a 'quoted' mödel", key = "blank" });
        Assert.Equal("""[{"key":"blank","value":""},{"key":"k","value":"now"}]""", (await ModelAsync(server, "a 'quoted' mödel"))["tags"]!.ToJsonString());
        foreach (var key in (string[])["k", "blank", "never there"])
            await DoneAsync(server, HttpMethod.Delete, "registered-models/delete-tag", new { name = "a 'quoted' mödel", key });
        Assert.Null((await ModelAsync(server, "a 'quoted' mödel"))["tags"]);
        var recorded = (await server.Client.ReadLedgerAsync("models/a 'quoted' mödel")).Entries.Select(e => e.Action);
        Assert.Equal(["model.registered", "model.updated", "model.updated", "model.tag_set", "model.tag_set", "model.tag_deleted", "model.tag_deleted"], recorded);
    }

    [Theory, EachDatabase]
    public async Task Tags_of_a_version_come_and_go(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await server.RegisterAsync("m");
        await DoneAsync(server, HttpMethod.Post, "model-versions/set-tag", new { name = "m", version = "1", key = "k", value = "v" });
        await DoneAsync(server, HttpMethod.Post, "model-versions/set-tag", new { name = "m", version = "1", key = "k" });
        Assert.Equal("", Assert.Single((await server.Client.GetModelVersionAsync("m", "1")).Tags!).Value);
        await DoneAsync(server, HttpMethod.Delete, "model-versions/delete-tag", new { name = "m", version = "1", key = "k" });
        await DoneAsync(server, HttpMethod.Delete, "model-versions/delete-tag?name=m&version=1&key=k", null);
        Assert.Null((await server.Client.GetModelVersionAsync("m", "1")).Tags);
        await RefusedAsync(server, 404, "Model Version (name=m, version=2) not found", HttpMethod.Post, "model-versions/set-tag", new { name = "m", version = "2", key = "k", value = "v" });
        await RefusedAsync(server, 404, "Model Version (name=m, version=2) not found", HttpMethod.Delete, "model-versions/delete-tag", new { name = "m", version = "2", key = "k" });
        await RefusedAsync(server, 404, "Registered Model with name=x not found", HttpMethod.Post, "registered-models/set-tag", new { name = "x", key = "k", value = "v" });
        await RefusedAsync(server, 404, "Registered Model with name=x not found", HttpMethod.Delete, "registered-models/delete-tag", new { name = "x", key = "k" });
    }

    [Theory, EachDatabase]
    public async Task A_model_is_touched_by_what_changes_it_and_not_by_tags_and_aliases(Engine engine)
    {
        var clock = new AheadClock();
        await using var server = await TestServer.StartAsync(engine, time: clock);
        await DoneAsync(server, HttpMethod.Post, Create, new { name = "m" });
        await ChangesAsync(true, HttpMethod.Post, "model-versions/create", new { name = "m", source = Elsewhere });
        await ChangesAsync(true, HttpMethod.Post, "model-versions/create", new { name = "m", source = Elsewhere });
        await ChangesAsync(false, HttpMethod.Post, "registered-models/set-tag", new { name = "m", key = "k", value = "v" });
        await ChangesAsync(false, HttpMethod.Post, "model-versions/set-tag", new { name = "m", version = "1", key = "k", value = "v" });
        await ChangesAsync(false, HttpMethod.Post, "registered-models/alias", new { name = "m", version = "1", alias = "a" });
        await ChangesAsync(false, HttpMethod.Delete, "registered-models/alias", new { name = "m", alias = "a" });
        await ChangesAsync(false, HttpMethod.Patch, "model-versions/update", new { name = "m", version = "1", description = "d" });
        await ChangesAsync(true, HttpMethod.Post, "model-versions/transition-stage", new { name = "m", version = "1", stage = "staging" });
        await ChangesAsync(true, HttpMethod.Delete, "model-versions/delete", new { name = "m", version = "2" });
        await ChangesAsync(true, HttpMethod.Patch, "registered-models/update", new { name = "m", description = "d" });

        async Task ChangesAsync(bool touches, HttpMethod verb, string route, object body)
        {
            var before = TestServer.Int((await ModelAsync(server, "m"))["last_updated_timestamp"]);
            clock.Ahead += TimeSpan.FromSeconds(1);
            await DoneAsync(server, verb, route, body);
            Assert.Equal(touches, TestServer.Int((await ModelAsync(server, "m"))["last_updated_timestamp"]) > before);
        }
    }

    [Theory, EachDatabase]
    public async Task Names_and_tags_are_taken_up_to_their_limits_counted_in_code_points(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var wide = string.Concat(Enumerable.Repeat("\U0001F600", 256));
        await DoneAsync(server, HttpMethod.Post, Create, new { name = wide });
        await RefusedAsync(server, 400, "'name' exceeds the maximum length of 256 characters", HttpMethod.Post, Create, new { name = wide + "x" });
        await RefusedAsync(server, 400, "'new_name' exceeds the maximum length of 256 characters", HttpMethod.Post, "registered-models/rename", new { name = wide, new_name = wide + "x" });
        foreach (var (bad, message) in (ReadOnlySpan<(string, string)>)
            [
                ("a/b", "Invalid model name 'a/b'. Names cannot contain '/' or ':'."),
                ("a:b", "Invalid model name 'a:b'. Names cannot contain '/' or ':'."),
                ("", "Missing value for required parameter 'name'."),
                ("  ", "Missing value for required parameter 'name'."),
                ("..", "Invalid model name '..'"),
            ])
            Assert.StartsWith(message, Refused(server, Create, new { name = bad }), StringComparison.Ordinal);

        await DoneAsync(server, HttpMethod.Post, "model-versions/create", new { name = wide, source = Elsewhere });
        foreach (var set in (object[])[new { }, new { version = "1" }])
        {
            var route = set.GetType().GetProperty("version") is null ? "registered-models/set-tag" : "model-versions/set-tag";
            await DoneAsync(server, HttpMethod.Post, route, new { name = wide, version = "1", key = new string('k', 250), value = new string('\u00e9', 100_000) });
            Assert.Equal("'key' exceeds the maximum length of 250 characters", Refused(server, route, new { name = wide, version = "1", key = new string('k', 251), value = "v" }));
            Assert.Equal("'value' exceeds the maximum length of 100000 characters", Refused(server, route, new { name = wide, version = "1", key = "k", value = new string('v', 100_001) }));
            Assert.StartsWith("Invalid value \"a?b\" for parameter 'key' supplied: Names may only contain", Refused(server, route, new { name = wide, version = "1", key = "a?b", value = "v" }), StringComparison.Ordinal);
        }

        Assert.StartsWith("'key' exceeds", Refused(server, Create, new { name = "n", tags = new[] { new { key = new string('k', 251), value = "v" } } }), StringComparison.Ordinal);
        Assert.StartsWith("'value' exceeds", Refused(server, "model-versions/create", new { name = wide, source = Elsewhere, tags = new[] { new { key = "k", value = new string('v', 100_001) } } }), StringComparison.Ordinal);
        Assert.Equal("Parameter 'version' must be an integer, got 'abc'.", (await RefusedAsync(server, 400, "", HttpMethod.Get, "model-versions/get?name=m&version=abc")).Message);
    }

    [Theory, EachDatabase]
    public async Task Of_many_at_once_one_makes_the_model_and_versions_are_numbered_without_gaps(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var made = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => server.MlflowAsync(HttpMethod.Post, Create, new { name = "m" })));
        Assert.Single(made, m => m.Status == 200);
        Assert.All(made.Where(m => m.Status != 200), m => Assert.Equal((400, "RESOURCE_ALREADY_EXISTS", "Registered Model (name=m) already exists."),
            (m.Status, m.Body["error_code"]!.GetValue<string>(), m.Body["message"]!.GetValue<string>())));
        var versions = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => server.MlflowAsync(HttpMethod.Post, "model-versions/create", new { name = "m", source = Elsewhere })));
        Assert.All(versions, v => Assert.Equal(200, v.Status));
        Assert.Equal(Enumerable.Range(1, 30), versions.Select(v => int.Parse(v.Body["model_version"]!["version"]!.GetValue<string>())).Order());
    }

    [Theory, EachDatabase]
    public async Task A_prompt_and_a_model_do_not_share_a_name(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var isPrompt = new[] { new { key = "mlflow.prompt.is_prompt", value = "true" } };
        await DoneAsync(server, HttpMethod.Post, Create, new { name = "p", tags = isPrompt });
        await DoneAsync(server, HttpMethod.Post, Create, new { name = "m" });
        var cases = new (object Body, string Message)[]
        {
            (new { name = "p" }, "The registered model 'p' cannot be made: a prompt has this name already."),
            (new { name = "m", tags = isPrompt }, "The prompt 'm' cannot be made: a registered model has this name already."),
            (new { name = "p", tags = isPrompt }, "Prompt (name=p) already exists."),
        };
        foreach (var (body, message) in cases)
            Assert.Equal("RESOURCE_ALREADY_EXISTS", (await RefusedAsync(server, 400, message, HttpMethod.Post, Create, body)).Code);
        await DoneAsync(server, HttpMethod.Post, "model-versions/create", new { name = "p", source = "prompt-template", tags = isPrompt });
        await AnswersAsync(server, HttpMethod.Get, "model-versions/get-download-uri?name=p&version=1", null, """{"artifact_uri":"prompt-template"}""");
    }

    private static async Task<JsonNode> ModelAsync(TestServer server, string name) =>
        (await DoneAsync(server, HttpMethod.Get, "registered-models/get?name=" + Uri.EscapeDataString(name)))["registered_model"]!;

    private static string Refused(TestServer server, string route, object body) =>
        RefusedAsync(server, 400, "", HttpMethod.Post, route, body).GetAwaiter().GetResult().Message;

    internal static async Task<(string Code, string Message)> RefusedAsync(TestServer server, int expected, string message, HttpMethod verb, string route, object? body = null)
    {
        var (status, answer) = await server.MlflowAsync(verb, route, body);
        Assert.Equal(expected, status);
        Assert.StartsWith(message, answer["message"]!.GetValue<string>(), StringComparison.Ordinal);
        return (answer["error_code"]!.GetValue<string>(), answer["message"]!.GetValue<string>());
    }

    internal static async Task<JsonNode> DoneAsync(TestServer server, HttpMethod verb, string route, object? body = null)
    {
        var (status, answer) = await server.MlflowAsync(verb, route, body);
        Assert.True(status == 200, $"{verb} {route}: {status} {answer.ToJsonString()}");
        return answer;
    }

    private static async Task AnswersAsync(TestServer server, HttpMethod verb, string route, object? body, string expected) =>
        Assert.Equal(expected, Timestamp().Replace((await DoneAsync(server, verb, route, body)).ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }), "_timestamp\":T"));

    [GeneratedRegex(@"_timestamp"":\d{13}")]
    private static partial Regex Timestamp();
}
