using System.Globalization;
using System.Text.Json.Nodes;
using Baton.Database;
using Baton.Testing;
using Xunit;

namespace Baton.ServerTests;

public sealed class LineageTests
{
    [Theory, EachDatabase]
    public async Task What_made_a_version_is_found_up_to_its_data_its_code_and_its_parent(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var parent = await server.NewRunAsync("sweep");
        var run = await TrainAsync(server, "train", "c0ffee", parent);
        await server.MlflowAsync(HttpMethod.Post, "registered-models/create", new { name = "m" });
        await server.MlflowAsync(HttpMethod.Post, "model-versions/create", new { name = "m", source = "s3://bucket/m", run_id = run });
        await server.MlflowAsync(HttpMethod.Post, "registered-models/alias", new { name = "m", alias = "champion", version = "1" });
        await server.MlflowAsync(HttpMethod.Post, "model-versions/transition-stage", new { name = "m", version = "1", stage = "Production", archive_existing_versions = "false" });
        // What else came of the data is not the version's.
        var sibling = await TrainAsync(server, "sibling", "beef", null);

        var graph = await GraphAsync(server, "models/m/versions/1");
        Assert.Equal("model_version:m/1", graph["root"]!.GetValue<string>());
        Assert.False(graph["truncated"]!.GetValue<bool>());
        Assert.Equal(
            [
                "commit:c0ffee -code_of-> run:" + run,
                "dataset:flights/d1 -input_of-> run:" + run,
                "model_version:m/1 -has_alias-> alias:m/champion",
                "model_version:m/1 -in_stage-> stage:m/production",
                $"run:{parent} -parent_of-> run:{run}",
                $"run:{run} -registered_as-> model_version:m/1",
            ],
            Edges(graph));
        Assert.DoesNotContain($"run:{sibling}", Nodes(graph));
        var edge = graph["edges"]!.AsArray().Single(e => e!["relation"]!.GetValue<string>() == "input_of")!;
        Assert.Equal(("training", "sha256:abc"), (edge["context"]!.GetValue<string>(), edge["sha256"]!.GetValue<string>()));
        var node = graph["nodes"]!.AsArray().Single(n => n!["id"]!.GetValue<string>() == $"run:{run}")!;
        Assert.Equal(("train", "c0ffee", "main", "train.py", "LOCAL"),
            (Text(node, "run_name"), Text(node, "commit"), Text(node, "branch"), Text(node, "source"), Text(node, "source_type")));
        Assert.Equal("https://git.example/flights", Text(graph["nodes"]!.AsArray().Single(n => Text(n!, "kind") == "commit")!, "repository"));

        Assert.DoesNotContain(Edges(await GraphAsync(server, "models/m/versions/1?direction=up")), e => e.Contains("has_alias", StringComparison.Ordinal));
        Assert.DoesNotContain(Edges(await GraphAsync(server, "models/m/versions/1?direction=down")), e => e.Contains("input_of", StringComparison.Ordinal));
    }

    [Theory, EachDatabase]
    public async Task What_came_of_a_dataset_and_of_a_commit_is_found_down_to_the_stage(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var run = await TrainAsync(server, "train", "c0ffee", null);
        var model = await LogModelAsync(server, run);
        var scoring = await server.NewRunAsync("score");
        await server.MlflowAsync(HttpMethod.Post, "runs/log-inputs", new { run_id = scoring, models = new[] { new { model_id = model } } });
        await server.MlflowAsync(HttpMethod.Post, "registered-models/create", new { name = "m" });
        var (status, made) = await server.MlflowAsync(HttpMethod.Post, "model-versions/create", new { name = "m", source = "s3://bucket/m", run_id = run, model_id = model });
        Assert.True(status == 200, made.ToJsonString());
        await server.MlflowAsync(HttpMethod.Post, "model-versions/transition-stage", new { name = "m", version = "1", stage = "Staging", archive_existing_versions = "false" });

        string[] below =
        [
            $"logged_model:{model} -input_of-> run:{scoring}",
            $"logged_model:{model} -registered_as-> model_version:m/1",
            "model_version:m/1 -in_stage-> stage:m/staging",
            $"run:{run} -made-> logged_model:{model}",
        ];
        Assert.Equal(["dataset:flights/d1 -input_of-> run:" + run, .. below], Edges(await GraphAsync(server, "datasets?name=flights&digest=d1&direction=down")));
        Assert.Equal(["commit:c0ffee -code_of-> run:" + run, .. below], Edges(await GraphAsync(server, "commits/c0ffee")));
        Assert.Equal(["dataset:flights -input_of-> run:" + run], Edges(await GraphAsync(server, "datasets?name=flights&depth=1")));
        var up = await GraphAsync(server, $"logged-models/{model}?direction=up");
        Assert.Equal(["commit:c0ffee -code_of-> run:" + run, "dataset:flights/d1 -input_of-> run:" + run, $"run:{run} -made-> logged_model:{model}"], Edges(up));
        Assert.Contains($"model_version:m/1", Nodes(await GraphAsync(server, $"runs/{run}")));
    }

    [Theory, EachDatabase]
    public async Task A_graph_that_is_cut_off_says_so_and_by_what(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var top = await server.NewRunAsync("top");
        var child = await TrainAsync(server, "child", "c1", top);
        await TrainAsync(server, "grandchild", "c2", child);
        var shallow = await GraphAsync(server, $"runs/{top}?direction=down&depth=1");
        Assert.Equal(("True", """["depth"]"""), (shallow["truncated"]!.GetValue<bool>().ToString(), shallow["truncated_by"]!.ToJsonString()));
        Assert.False((await GraphAsync(server, $"runs/{top}?direction=down&depth=2"))["truncated"]!.GetValue<bool>());

        for (var i = 0; i < 201; i++)
            await TrainAsync(server, $"c{i}", "many", null, light: true);
        var wide = await GraphAsync(server, "commits/many?direction=down");
        Assert.Equal("""["fan_out"]""", wide["truncated_by"]!.ToJsonString());
        Assert.Equal(201, wide["nodes"]!.AsArray().Count);
    }

    [Theory]
    [InlineData("runs/nope", 404, "Run with id=nope not found")]
    [InlineData("models/nope/versions/1", 404, "Model Version (name=nope, version=1) not found")]
    [InlineData("models/nope/versions/x", 400, "must be an integer")]
    [InlineData("logged-models/m-nope", 404, "Logged model with ID 'm-nope' not found.")]
    [InlineData("datasets?name=nope", 404, "No run logged a dataset 'nope'")]
    [InlineData("datasets", 400, "Missing value for required parameter 'name'")]
    [InlineData("commits/nope", 404, "No run names the commit 'nope'")]
    [InlineData("runs/nope?direction=sideways", 404, "not found")]
    [InlineData("models/nope", 404, "nothing is on record of it")]
    [InlineData("models/nope/aliases/a", 404, "nothing is on record of it")]
    [InlineData("models/nope/stages/limbo", 400, "Invalid Model Version stage: limbo")]
    [InlineData("models/m/aliases/a?as-of=2026-05-03T14:00:00", 400, "it has no offset")]
    [InlineData("models/m/aliases/a?as-of=yesterday", 400, "expected ISO 8601 with an offset or Z")]
    [InlineData("models/m/aliases/a?as-of=2999-01-01T00:00:00Z", 400, "lies in the future")]
    public async Task What_is_not_there_or_not_understood_is_said(string path, int expected, string message)
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        using var response = await server.Http.GetAsync("api/v1/lineage/" + path);
        Assert.Equal(expected, (int)response.StatusCode);
        Assert.Contains(message, JsonNode.Parse(await response.Content.ReadAsStringAsync())!["detail"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("direction=sideways", "expected up, down or both")]
    [InlineData("depth=0", "expected 1 to 20")]
    [InlineData("depth=21", "expected 1 to 20")]
    public async Task A_walk_has_a_direction_and_an_end(string query, string message)
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        var run = await server.NewRunAsync();
        using var response = await server.Http.GetAsync($"api/v1/lineage/runs/{run}?{query}");
        Assert.Equal(400, (int)response.StatusCode);
        Assert.Contains(message, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory, EachDatabase]
    public async Task Which_version_had_an_alias_or_a_stage_then_is_answered_from_the_ledger(Engine engine)
    {
        var clock = new AheadClock();
        await using var server = await TestServer.StartAsync(engine, time: clock);
        var moments = new List<string>();
        await StepAsync(() => Task.CompletedTask);
        await StepAsync(async () =>
        {
            await server.MlflowAsync(HttpMethod.Post, "registered-models/create", new { name = "m" });
            for (var i = 0; i < 3; i++)
                await server.MlflowAsync(HttpMethod.Post, "model-versions/create", new { name = "m", source = "s3://b/m" });
        });
        await StepAsync(() => AliasAsync("champion", 1));
        await StepAsync(() => StageAsync(1, "Production", false));
        await StepAsync(() => AliasAsync("champion", 2));
        await StepAsync(() => StageAsync(2, "Production", true));
        await StepAsync(() => StageAsync(3, "Production", false));
        await StepAsync(() => server.MlflowAsync(HttpMethod.Delete, "registered-models/alias", new { name = "m", alias = "champion" }));
        await StepAsync(() => StageAsync(3, "Archived", false));
        await StepAsync(() => AliasAsync("champion", 3));
        await StepAsync(() => server.MlflowAsync(HttpMethod.Delete, "model-versions/delete", new { name = "m", version = "3" }));
        await StepAsync(() => server.MlflowAsync(HttpMethod.Post, "registered-models/rename", new { name = "m", new_name = "n" }));
        await StepAsync(() => server.MlflowAsync(HttpMethod.Delete, "registered-models/delete", new { name = "n" }));

        string?[] champions = ["404", null, "1", "1", "2", "2", "2", null, null, "3", null, "404", "404"];
        string?[] production = ["404", null, null, "1", "1", "2", "3", "3", "2", "2", "2", "404", "404"];
        for (var i = 0; i < moments.Count; i++)
        {
            Assert.Equal((i, champions[i]), (i, await HeldAsync("models/m/aliases/champion", moments[i])));
            Assert.Equal((i, production[i]), (i, await HeldAsync("models/m/stages/Production", moments[i])));
        }

        // Under its new name the model's past is its own, and what was there at its end is known.
        Assert.Equal("2", await HeldAsync("models/n/stages/production", moments[11]));
        Assert.Equal("404", await HeldAsync("models/n/stages/production", moments[12]));
        var whole = JsonNode.Parse(await server.Http.GetStringAsync($"api/v1/lineage/models/m?as-of={moments[6]}"))!;
        Assert.Equal(["champion 2"], whole["aliases"]!.AsArray().Select(a => $"{a!["alias"]} {a["version"]}"));
        Assert.Equal(["archived 1", "production 3", "production 2"], whole["stages"]!.AsArray().Select(a => $"{a!["stage"]} {a["version"]}"));
        var first = JsonNode.Parse(await server.Http.GetStringAsync($"api/v1/lineage/models/m/stages/production?as-of={moments[6]}"))!;
        Assert.Equal("2", Assert.Single(first["others"]!.AsArray())!["version"]!.GetValue<string>());
        Assert.True(TestServer.Int(first["ledger_seq"]) > 0);
        Assert.StartsWith("user:", first["by"]!.GetValue<string>(), StringComparison.Ordinal);

        // The same moment in another place is the same moment; an unescaped + counts as one.
        var local = DateTimeOffset.Parse(moments[4], CultureInfo.InvariantCulture).ToOffset(TimeSpan.FromHours(2)).ToString("yyyy-MM-dd'T'HH:mm:ss.ffffffzzz", CultureInfo.InvariantCulture);
        Assert.Equal("2", await HeldAsync("models/m/aliases/champion", local));
        Assert.Equal("2", await HeldAsync("models/m/aliases/champion", Uri.EscapeDataString(local)));

        async Task StepAsync(Func<Task> step)
        {
            await step();
            clock.Ahead += TimeSpan.FromSeconds(10);
            moments.Add(clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture));
            clock.Ahead += TimeSpan.FromSeconds(10);
        }

        Task AliasAsync(string alias, long version) => server.MlflowAsync(
            HttpMethod.Post, "registered-models/alias", new { name = "m", alias, version = version.ToString(CultureInfo.InvariantCulture) });

        Task StageAsync(long version, string stage, bool archive) => server.MlflowAsync(
            HttpMethod.Post, "model-versions/transition-stage",
            new { name = "m", version = version.ToString(CultureInfo.InvariantCulture), stage, archive_existing_versions = archive });

        async Task<string?> HeldAsync(string path, string at)
        {
            using var response = await server.Http.GetAsync($"api/v1/lineage/{path}?as-of={at}");
            var body = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
            return (int)response.StatusCode == 404 ? "404" : body["version"]?.GetValue<string>();
        }
    }

    private static async Task<string> TrainAsync(TestServer server, string name, string commit, string? parent, bool light = false)
    {
        var run = await server.NewRunAsync(name);
        var tags = new List<object>
        {
            new { key = "mlflow.source.git.commit", value = commit },
            new { key = "mlflow.source.git.branch", value = "main" },
            new { key = "mlflow.source.git.repoURL", value = "https://git.example/flights" },
            new { key = "mlflow.source.name", value = "train.py" },
            new { key = "mlflow.source.type", value = "LOCAL" },
        };
        if (parent is not null)
            tags.Add(new { key = "mlflow.parentRunId", value = parent });
        await server.MlflowAsync(HttpMethod.Post, "runs/log-batch", new { run_id = run, tags });
        if (light)
            return run;
        var (status, body) = await server.MlflowAsync(HttpMethod.Post, "runs/log-inputs", new
        {
            run_id = run,
            datasets = new[]
            {
                new
                {
                    dataset = new { name = "flights", digest = "d1", source_type = "local", source = "{}" },
                    tags = new[] { new { key = "mlflow.data.context", value = "training" }, new { key = "baton.sha256", value = "sha256:abc" } },
                },
            },
        });
        Assert.True(status == 200, body.ToJsonString());
        return run;
    }

    private static async Task<string> LogModelAsync(TestServer server, string run)
    {
        var (status, body) = await server.MlflowAsync(HttpMethod.Post, "logged-models", new { experiment_id = "0", name = "clf", source_run_id = run });
        Assert.True(status == 200, body.ToJsonString());
        var id = body["model"]!["info"]!["model_id"]!.GetValue<string>();
        await server.MlflowAsync(HttpMethod.Post, "runs/outputs", new { run_id = run, models = new[] { new { model_id = id, step = 3 } } });
        return id;
    }

    private static async Task<JsonNode> GraphAsync(TestServer server, string path) => JsonNode.Parse(await server.Http.GetStringAsync("api/v1/lineage/" + path))!;

    private static IReadOnlyList<string> Edges(JsonNode graph) =>
        [.. graph["edges"]!.AsArray().Select(e => $"{e!["from"]} -{e["relation"]}-> {e["to"]}").Order(StringComparer.Ordinal)];

    private static IReadOnlyList<string> Nodes(JsonNode graph) => [.. graph["nodes"]!.AsArray().Select(n => Text(n!, "id"))];

    private static string Text(JsonNode node, string name) => node[name]!.GetValue<string>();
}
