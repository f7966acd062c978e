using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Baton.Database;
using Baton.Testing;
using Xunit;

namespace Baton.ServerTests;

/// <summary>What a run read and made: datasets and logged models.</summary>
public sealed class DatasetTests
{
    [Theory, EachDatabase]
    public async Task The_first_content_of_a_dataset_stays_and_a_run_links_to_it_once(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var (first, second) = (await server.NewRunAsync(), await server.NewRunAsync());
        await LogAsync(server, first, "train", "d1", "first", ("mlflow.data.context", "training"));
        await LogAsync(server, first, "train", "d1", "second", ("mlflow.data.context", "eval"), ("more", "1"));
        await LogAsync(server, second, "train", "d1", "third", ("mlflow.data.context", "test"));
        await LogAsync(server, second, "train", "d2", "fourth");
        Assert.Equal(
            """[{"tags":[{"key":"mlflow.data.context","value":"training"}],"dataset":{"name":"train","digest":"d1","source_type":"local","source":"first"}}]""",
            (await InputsAsync(server, first))["dataset_inputs"]!.ToJsonString());
        Assert.Equal(
            ["first", "fourth"], (await InputsAsync(server, second))["dataset_inputs"]!.AsArray().Select(i => i!["dataset"]!["source"]!.GetValue<string>()));

        Assert.Equal(
            """{"dataset_summaries":[{"experiment_id":"0","name":"train","digest":"d1","context":"test"},{"experiment_id":"0","name":"train","digest":"d1","context":"training"},{"experiment_id":"0","name":"train","digest":"d2"}]}""",
            (await SummariesAsync(server, """{"experiment_ids": ["0", "0"]}""")).Body.ToJsonString());
        await server.MlflowAsync(HttpMethod.Post, "runs/delete", new { run_id = second });
        Assert.Single((await SummariesAsync(server, """{"experiment_ids": ["0"]}""")).Body["dataset_summaries"]!.AsArray());
    }

    [Theory]
    [InlineData("""{"run_id": "RUN", "datasets": [{"dataset": {"digest": "d", "source_type": "s", "source": "x"}}]}""", 400, "'datasets[0].dataset.name'")]
    [InlineData("""{"run_id": "RUN", "datasets": [{"dataset": {"name": "n", "source_type": "s", "source": "x"}}]}""", 400, "'datasets[0].dataset.digest'")]
    [InlineData("""{"run_id": "RUN", "datasets": [{"dataset": {"name": "n", "digest": "d", "source": "x"}}]}""", 400, "'datasets[0].dataset.source_type'")]
    [InlineData("""{"run_id": "RUN", "datasets": [{"dataset": {"name": "n", "digest": "d", "source_type": "s"}}]}""", 400, "'datasets[0].dataset.source'")]
    [InlineData("""{"run_id": "RUN", "datasets": [{"tags": []}]}""", 400, "'datasets[0].dataset'")]
    [InlineData("""{"run_id": "RUN", "datasets": [{"dataset": {"name": "n", "digest": "d", "source_type": "s", "source": "x"}, "tags": [{"key": "k"}, {"key": "k"}]}]}""", 400, "given twice")]
    [InlineData("""{"run_id": "RUN", "models": [{"model_id": "m-none"}]}""", 404, "Logged model with ID 'm-none' not found.")]
    [InlineData("""{"run_id": "$$", "datasets": []}""", 400, "Invalid value \"$$\" for parameter 'run_id' supplied.")]
    [InlineData("""{"run_id": "none", "datasets": []}""", 404, "Run with id=none not found")]
    [InlineData("""{"datasets": []}""", 400, "Missing value for required parameter 'run_id'")]
    public async Task A_wrong_input_is_told_what_is_wrong(string body, int status, string message)
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        var run = await server.NewRunAsync();
        var (got, error) = await server.MlflowAsync(HttpMethod.Post, "runs/log-inputs", body.Replace("RUN", run, StringComparison.Ordinal));
        Assert.Equal(status, got);
        Assert.Contains(message, error["message"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("{}", (await InputsAsync(server, run)).ToJsonString());
    }

    [Theory]
    [InlineData("name", 500)]
    [InlineData("digest", 36)]
    [InlineData("source", 65_535)]
    [InlineData("schema", 1_048_575)]
    [InlineData("profile", 16_777_215)]
    public async Task Each_field_of_a_dataset_has_its_length(string field, int most)
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        var run = await server.NewRunAsync();
        var dataset = new Dictionary<string, string> { ["name"] = "n", ["digest"] = "d", ["source_type"] = "s", ["source"] = "x" };
        foreach (var (length, status) in new[] { (most, 200), (most + 1, 400) })
        {
            dataset[field] = new string('a', length);
            var (got, _) = await server.MlflowAsync(HttpMethod.Post, "runs/log-inputs", new { run_id = run, datasets = new[] { new { dataset } } });
            Assert.Equal((length, status), (length, got));
        }
    }

    [Theory, EachDatabase]
    public async Task Models_that_a_run_read_and_made_stand_in_the_run(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var run = await server.NewRunAsync();
        var (a, b) = (await LoggedModelTests.NewModelAsync(server), await LoggedModelTests.NewModelAsync(server));
        for (var again = 0; again < 2; again++)
        {
            await server.MlflowAsync(HttpMethod.Post, "runs/log-inputs", new { run_id = run, models = new[] { new { model_id = b }, new { model_id = a } } });
            await server.MlflowAsync(HttpMethod.Post, "runs/outputs", new { run_id = run, models = new[] { new { model_id = a, step = again } } });
        }

        var (_, read) = await server.MlflowAsync(HttpMethod.Get, $"runs/get?run_id={run}");
        Assert.Equal($$"""[{"model_id":"{{b}}"},{"model_id":"{{a}}"}]""", read["run"]!["inputs"]!["model_inputs"]!.ToJsonString());
        Assert.Equal(
            $$"""[{"model_id":"{{a}}","step":0},{"model_id":"{{a}}","step":1}]""", read["run"]!["outputs"]!["model_outputs"]!.ToJsonString());

        Assert.Equal(200, (await server.MlflowAsync(HttpMethod.Post, "runs/outputs", new { run_id = run, models = Array.Empty<object>() })).Status);
        Assert.Equal(400, (await server.MlflowAsync(HttpMethod.Post, "runs/outputs", new { run_id = run })).Status);
        Assert.Equal(404, (await server.MlflowAsync(HttpMethod.Post, "runs/outputs", new { run_id = run, models = new[] { new { model_id = "m-none" } } })).Status);
        Assert.Equal(404, (await server.MlflowAsync(HttpMethod.Post, "runs/outputs", new { run_id = "none", models = Array.Empty<object>() })).Status);
    }

    [Theory, EachDatabase]
    public async Task Links_of_many_writers_at_once_are_all_kept(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var run = await server.NewRunAsync();
        var model = await LoggedModelTests.NewModelAsync(server);
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(step =>
            server.MlflowAsync(HttpMethod.Post, "runs/outputs", new { run_id = run, models = new[] { new { model_id = model, step } } })));
        Assert.All(answers, answer => Assert.Equal(200, answer.Status));
        var (_, read) = await server.MlflowAsync(HttpMethod.Get, $"runs/get?run_id={run}");
        Assert.Equal(
            Enumerable.Range(0, 12).Select(step => (long)step),
            read["run"]!["outputs"]!["model_outputs"]!.AsArray().Select(o => TestServer.Int(o!["step"])).Order());
    }

    [Theory, EachDatabase]
    public async Task Models_of_older_clients_are_listed_in_a_tag(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var run = await server.NewRunAsync();
        for (var i = 0; i < 2; i++)
        {
            var model = new
            {
                run_id = run,
                artifact_path = $"m{i}",
                utc_time_created = "2026-05-03 14:00:00",
                flavors = new { python_function = new { loader_module = "x", config = new { a = 1 } }, sklearn = new { b = 2 } },
                mlflow_version = "2.9",
            };
            var (status, _) = await server.MlflowAsync(HttpMethod.Post, "runs/log-model", new { run_id = run, model_json = JsonSerializer.Serialize(model) });
            Assert.Equal(200, status);
        }

        var (_, read) = await server.MlflowAsync(HttpMethod.Get, $"runs/get?run_id={run}");
        var tag = read["run"]!["data"]!["tags"]!.AsArray().Single(t => t!["key"]!.GetValue<string>() == "mlflow.log-model.history")!["value"]!.GetValue<string>();
        var listed = JsonNode.Parse(tag)!.AsArray();
        Assert.Equal(["m0", "m1"], listed.Select(m => m!["artifact_path"]!.GetValue<string>()));
        Assert.Equal(
            $$$$"""{"run_id":"{{{{run}}}}","artifact_path":"m0","utc_time_created":"2026-05-03 14:00:00","flavors":{"python_function":{"loader_module":"x"},"sklearn":{"b":2}}}""",
            listed[0]!.ToJsonString());
    }

    [Theory]
    [InlineData("{not json", "Malformed model info. ")]
    [InlineData("{not json", "is not a valid JSON.")]
    [InlineData("[]", "is not a JSON object.")]
    [InlineData("""{"run_id": "r", "flavors": {}}""", "Model json is missing mandatory fields: {'artifact_path', 'utc_time_created'}")]
    [InlineData("""{"run_id": "r", "run_id": "r", "flavors": {}}""", "is not a valid JSON.")]
    [InlineData("""{"run_id": "r", "artifact_path": "m", "utc_time_created": "t", "flavors": []}""", "flavors")]
    public async Task A_malformed_model_is_told_what_is_wrong(string model, string message)
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        var run = await server.NewRunAsync();
        var (status, error) = await server.MlflowAsync(HttpMethod.Post, "runs/log-model", new { run_id = run, model_json = model });
        Assert.Equal((400, "INVALID_PARAMETER_VALUE"), (status, error["error_code"]!.GetValue<string>()));
        Assert.Contains(message, error["message"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Datasets_are_searched_in_one_to_twenty_experiments_and_only_by_pages()
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        Assert.Contains("must specify at least one experiment_id.", await MessageAsync([]), StringComparison.Ordinal);
        Assert.Contains(
            "cannot specify more than 20 experiment_ids. Received 21 experiment_ids.", await MessageAsync([.. Enumerable.Range(0, 21)]), StringComparison.Ordinal);
        Assert.Equal("{}", (await SummariesAsync(server, """{"experiment_ids": ["5"]}""")).Body.ToJsonString());
        Assert.Equal(404, (await server.MlflowAsync(HttpMethod.Post, "experiments/search-datasets", new { experiment_ids = new[] { "0" } })).Status);

        async Task<string> MessageAsync(int[] ids)
        {
            var (status, body) = await SummariesAsync(server, JsonSerializer.Serialize(new { experiment_ids = ids.Select(i => $"{i}") }));
            Assert.Equal(400, status);
            return body["message"]!.GetValue<string>();
        }
    }

    private static async Task LogAsync(TestServer server, string run, string name, string digest, string source, params (string Key, string Value)[] tags)
    {
        var input = new { dataset = new { name, digest, source_type = "local", source }, tags = tags.Select(t => new { key = t.Key, value = t.Value }) };
        var (status, _) = await server.MlflowAsync(HttpMethod.Post, "runs/log-inputs", new { run_id = run, datasets = new[] { input, input } });
        Assert.Equal(200, status);
    }

    private static async Task<JsonNode> InputsAsync(TestServer server, string run) =>
        (await server.MlflowAsync(HttpMethod.Get, $"runs/get?run_id={run}")).Body["run"]!["inputs"]!;

    private static async Task<(int Status, JsonNode Body)> SummariesAsync(TestServer server, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await server.Http.PostAsync("ajax-api/2.0/mlflow/experiments/search-datasets", content);
        return ((int)response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
    }
}
