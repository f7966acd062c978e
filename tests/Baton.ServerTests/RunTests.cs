using System.Text.Json.Nodes;
using Baton.Database;
using Baton.Testing;
using Xunit;

namespace Baton.ServerTests;

/// <summary>The tracking routes as MLflow's clients use them.</summary>
public sealed class RunTests
{
    [Theory, EachDatabase]
    public async Task A_run_answers_as_MLflow_does(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var (status, created) = await server.MlflowAsync(HttpMethod.Post, "experiments/create", new { name = "demo" });
        Assert.Equal((200, """{"experiment_id":"1"}"""), (status, created.ToJsonString()));
        (status, var run) = await server.MlflowAsync(
            HttpMethod.Post,
            "runs/create",
            """
            {"experiment_id": "1", "user_id": "root", "run_name": "r1", "start_time": "1795446216889",
             "tags": [{"key": "mlflow.user", "value": "root"}, {"key": "mlflow.runName", "value": "r1"}]}
            """);
        var id = run["run"]!["info"]!["run_id"]!.GetValue<string>();
        Assert.Matches("^[0-9a-f]{32}$", id);
        Assert.Equal(
            $$$"""{"run_uuid":"{{{id}}}","experiment_id":"1","run_name":"r1","user_id":"root","status":"RUNNING","start_time":1795446216889,"artifact_uri":"mlflow-artifacts:/1/{{{id}}}/artifacts","lifecycle_stage":"active","run_id":"{{{id}}}"}""",
            run["run"]!["info"]!.ToJsonString());

        await server.MlflowAsync(HttpMethod.Post, "runs/log-batch", $$"""
            {"run_id": "{{id}}",
             "metrics": [{"key": "a", "value": 1.0, "timestamp": 5, "step": 2}, {"key": "a", "value": 0.5, "timestamp": 9, "step": 1},
                         {"key": "b", "value": "NaN", "timestamp": 5}, {"key": "c", "value": "Infinity", "timestamp": 5}],
             "params": [{"key": "lr", "value": "0.1"}], "tags": [{"key": "k", "value": "v"}]}
            """);
        await server.MlflowAsync(HttpMethod.Post, "runs/log-inputs", $$"""
            {"run_id": "{{id}}", "datasets": [{"dataset": {"name": "train", "digest": "066351ab", "source_type": "local", "source": "x"},
             "tags": [{"key": "mlflow.data.context", "value": "training"}, {"key": "baton.sha256", "value": "sha256:00"}]}]}
            """);
        (_, var read) = await server.MlflowAsync(HttpMethod.Get, $"runs/get?run_uuid={id}");
        Assert.Equal(
            """[{"key":"a","value":1,"timestamp":5,"step":2},{"key":"b","value":"NaN","timestamp":5,"step":0},{"key":"c","value":1.7976931348623157E+308,"timestamp":5,"step":0}]""",
            read["run"]!["data"]!["metrics"]!.ToJsonString());
        Assert.Equal("""[{"key":"lr","value":"0.1"}]""", read["run"]!["data"]!["params"]!.ToJsonString());
        Assert.Equal("train", read["run"]!["inputs"]!["dataset_inputs"]![0]!["dataset"]!["name"]!.GetValue<string>());

        (_, var history) = await server.MlflowAsync(HttpMethod.Get, $"metrics/get-history?run_id={id}&metric_key=a");
        Assert.Equal([2L, 1L], history["metrics"]!.AsArray().Select(m => TestServer.Int(m!["step"])));
        (_, var ended) = await server.MlflowAsync(HttpMethod.Post, "runs/update", new { run_id = id, status = "FINISHED", end_time = 1795446216999 });
        Assert.Equal(("FINISHED", 1795446216999L), (ended["run_info"]!["status"]!.GetValue<string>(), TestServer.Int(ended["run_info"]!["end_time"])));
    }

    [Theory, EachDatabase]
    public async Task The_same_log_request_again_changes_nothing(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var id = await server.NewRunAsync();
        var body = new { run_id = id, metrics = new[] { new { key = "m", value = 1.5, timestamp = 7, step = 1 } }, @params = new[] { new { key = "p", value = "1" } } };
        for (var i = 0; i < 3; i++)
            Assert.Equal(200, (await server.MlflowAsync(HttpMethod.Post, "runs/log-batch", body)).Status);
        var (_, history) = await server.MlflowAsync(HttpMethod.Get, $"metrics/get-history?run_id={id}&metric_key=m");
        Assert.Single(history["metrics"]!.AsArray());
    }

    [Theory, EachDatabase]
    public async Task A_refused_batch_leaves_nothing_behind(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var id = await server.NewRunAsync();
        await server.MlflowAsync(HttpMethod.Post, "runs/log-parameter", new { run_id = id, key = "p", value = "1" });
        var (status, error) = await server.MlflowAsync(
            HttpMethod.Post,
            "runs/log-batch",
            new { run_id = id, metrics = new[] { new { key = "m", value = 1, timestamp = 1 } }, @params = new[] { new { key = "q", value = "1" }, new { key = "p", value = "2" } } });
        Assert.Equal((400, "INVALID_PARAMETER_VALUE"), (status, error["error_code"]!.GetValue<string>()));
        Assert.Contains("'old_value': '1', 'new_value': '2'", error["message"]!.GetValue<string>(), StringComparison.Ordinal);
        var (_, run) = await server.MlflowAsync(HttpMethod.Get, $"runs/get?run_id={id}");
        Assert.Null(run["run"]!["data"]!["metrics"]);
        Assert.Equal("""[{"key":"p","value":"1"}]""", run["run"]!["data"]!["params"]!.ToJsonString());
    }

    [Theory]
    [InlineData("POST", "runs/log-metric", """{"run_id":"x","key":"m","timestamp":1}""", 400, "INVALID_PARAMETER_VALUE", "Missing value for required parameter 'value'.")]
    [InlineData("POST", "runs/log-batch", """{"run_id":"x","metrics":[{"key":"m","timestamp":1}]}""", 400, "INVALID_PARAMETER_VALUE", "Missing value for required parameter 'metrics[0].value'.")]
    [InlineData("POST", "runs/log-metric", """{"run_id":"nope","key":"m","value":1,"timestamp":1}""", 404, "RESOURCE_DOES_NOT_EXIST", "Run with id=nope not found")]
    [InlineData("POST", "runs/log-metric", """{"run_id":"nope","key":"a//b","value":1,"timestamp":1}""", 400, "INVALID_PARAMETER_VALUE", "must not resolve to other names")]
    [InlineData("POST", "runs/log-metric", """{"run_id":"nope","key":"a$b","value":1,"timestamp":1}""", 400, "INVALID_PARAMETER_VALUE", "Names may only contain")]
    [InlineData("POST", "runs/log-metric", """{"run_id":"nope","key":"a","value":1,"timestamp":-1}""", 400, "INVALID_PARAMETER_VALUE", "nonnegative long")]
    [InlineData("POST", "experiments/create", """{"name":5}""", 400, "INVALID_PARAMETER_VALUE", "Invalid value 5 for parameter 'name' supplied:  Hint: Value was of type 'int'.")]
    [InlineData("POST", "experiments/create", "not json", 400, "INVALID_PARAMETER_VALUE", "Missing value for required parameter 'name'.")]
    [InlineData("POST", "experiments/create", "[1]", 400, "INVALID_PARAMETER_VALUE", "must be a JSON object")]
    [InlineData("POST", "experiments/create", """{"name":"Default"}""", 400, "RESOURCE_ALREADY_EXISTS", "Experiment(name=Default) already exists.")]
    [InlineData("GET", "experiments/get-by-name?experiment_name=none", null, 404, "RESOURCE_DOES_NOT_EXIST", "Could not find experiment with name 'none'")]
    [InlineData("GET", "experiments/get?experiment_id=abc", null, 400, "INVALID_PARAMETER_VALUE", "Invalid experiment ID 'abc'. Experiment ID must be a valid integer.")]
    [InlineData("GET", "registered-models/get?name=none", null, 404, "RESOURCE_DOES_NOT_EXIST", "Registered Model with name=none not found")]
    [InlineData("POST", "registered-models/create", """{"name":"a/b"}""", 400, "INVALID_PARAMETER_VALUE", "Invalid model name 'a/b'. Names cannot contain '/' or ':'.")]
    [InlineData("GET", "model-versions/get?name=m&version=abc", null, 400, "INVALID_PARAMETER_VALUE", "Parameter 'version' must be an integer, got 'abc'.")]
    [InlineData("POST", "experiments/create", """{"name":"half a \ud800"}""", 400, "INVALID_PARAMETER_VALUE", "lone surrogate")]
    [InlineData("POST", "experiments/create", """{"name":"a\u0000b"}""", 400, "INVALID_PARAMETER_VALUE", "NUL character")]
    [InlineData("POST", "runs/log-metric", """{"run_id":"x","key":"m","value":1,"timestamp":9223372036854775807}""", 400, "INVALID_PARAMETER_VALUE", "year 9999")]
    [InlineData("GET", "no/such/route", null, 404, "ENDPOINT_NOT_FOUND", "There is no GET /api/2.0/mlflow/no/such/route.")]
    public async Task Errors_are_MLflows(string verb, string route, string? body, int status, string code, string message)
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        var (got, error) = await server.MlflowAsync(new HttpMethod(verb), route, body);
        Assert.Equal((status, code), (got, error["error_code"]!.GetValue<string>()));
        Assert.Contains(message, error["message"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Theory, EachDatabase]
    public async Task A_run_is_named_deleted_restored_and_resumed(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var (_, made) = await server.MlflowAsync(HttpMethod.Post, "runs/create", """{"experiment_id": "0", "tags": [{"key": "no rule $", "value": "v"}]}""");
        var (id, name) = (made["run"]!["info"]!["run_id"]!.GetValue<string>(), made["run"]!["info"]!["run_name"]!.GetValue<string>());
        Assert.Matches("^[a-z]+-[a-z]+-[0-9]{1,3}$", name);
        Assert.InRange(name.Length, 5, 20);
        Assert.Equal($$"""[{"key":"mlflow.runName","value":"{{name}}"},{"key":"no rule $","value":"v"}]""", made["run"]!["data"]!["tags"]!.ToJsonString());
        Task<(int Status, JsonNode Body)> SendAsync(string route, object body) => server.MlflowAsync(HttpMethod.Post, route, body);

        Assert.Equal(200, (await SendAsync("runs/update", new { run_id = id, run_name = "", status = 3, end_time = "1795446216999" })).Status);
        var (_, resumed) = await SendAsync("runs/update", new { run_uuid = id, run_name = "second", status = "RUNNING" });
        Assert.Equal(("second", "RUNNING", 1795446216999L), (resumed["run_info"]!["run_name"]!.GetValue<string>(), resumed["run_info"]!["status"]!.GetValue<string>(), TestServer.Int(resumed["run_info"]!["end_time"])));
        Assert.Equal(400, (await SendAsync("runs/update", new { run_id = id, status = "NOPE" })).Status);
        Assert.Equal(200, (await SendAsync("runs/delete-tag", new { run_id = id, key = "mlflow.runName" })).Status);
        var (status, error) = await SendAsync("runs/delete-tag", new { run_id = id, key = "mlflow.runName" });
        Assert.Equal((404, $"No tag with name: mlflow.runName in run with id {id}"), (status, error["message"]!.GetValue<string>()));
        foreach (var (route, stage) in new[] { ("runs/delete", "deleted"), ("runs/delete", "deleted"), ("runs/restore", "active"), ("runs/restore", "active"), ("runs/delete", "deleted") })
        {
            Assert.Equal(200, (await SendAsync(route, new { run_id = id })).Status);
            var (_, read) = await server.MlflowAsync(HttpMethod.Get, $"runs/get?run_id={id}");
            Assert.Equal((stage, "second"), (read["run"]!["info"]!["lifecycle_stage"]!.GetValue<string>(), read["run"]!["info"]!["run_name"]!.GetValue<string>()));
        }

        foreach (var (route, body) in new (string, object)[]
        {
            ("runs/update", new { run_id = id, status = "FAILED" }), ("runs/set-tag", new { run_id = id, key = "k" }), ("runs/delete-tag", new { run_id = id, key = "k" }),
            ("runs/log-parameter", new { run_id = id, key = "k" }), ("runs/log-metric", new { run_id = id, key = "k", value = 1, timestamp = 1 }), ("runs/log-batch", new { run_id = id }),
        })
        {
            (status, error) = await SendAsync(route, body);
            Assert.Equal((400, $"The run {id} must be in the 'active' state. Current state is deleted."), (status, error["message"]!.GetValue<string>()));
        }

        var ledger = await server.Http.GetStringAsync("api/v1/ledger");
        Assert.Contains("run.deleted", ledger, StringComparison.Ordinal);
        Assert.DoesNotContain("run.created", ledger, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_is_read_as_leniently_as_MLflow_does()
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        // JSON inside a JSON string; lowerCamelCase; scalars as text; a GET without a query reads its body.
        var (status, made) = await server.MlflowAsync(HttpMethod.Post, "runs/create", "\"{\\\"experimentId\\\": \\\"0\\\", \\\"runName\\\": \\\"r\\\", \\\"startTime\\\": \\\"12\\\"}\"");
        Assert.Equal((200, "r", 12L), (status, made["run"]!["info"]!["run_name"]!.GetValue<string>(), TestServer.Int(made["run"]!["info"]!["start_time"])));
        var (_, read) = await server.MlflowAsync(HttpMethod.Get, "runs/get", new { run_id = made["run"]!["info"]!["run_id"]!.GetValue<string>() });
        Assert.Equal("r", read["run"]!["info"]!["run_name"]!.GetValue<string>());
        var deep = string.Concat(Enumerable.Repeat("[", 1000)) + string.Concat(Enumerable.Repeat("]", 1000));
        (status, var error) = await server.MlflowAsync(HttpMethod.Post, "experiments/create", $$"""{"name": "deep", "more": {{deep}}}""");
        Assert.Equal((400, "The JSON is nested deeper than 128 levels."), (status, error["message"]!.GetValue<string>()));
        (status, error) = await server.MlflowAsync(HttpMethod.Post, "runs/create", """{"start_time": 1.5}""");
        Assert.Contains("Invalid value 1.5 for parameter 'start_time' supplied:  Hint: Value was of type 'float'.", error["message"]!.GetValue<string>(), StringComparison.Ordinal);
        (_, error) = await server.MlflowAsync(HttpMethod.Post, "runs/create", """{"run_name": "a", "tags": [{"key": "mlflow.runName", "value": "b"}]}""");
        Assert.Contains("(run_name='a', mlflow.runName='b').", error["message"]!.GetValue<string>(), StringComparison.Ordinal);
        (status, error) = await server.MlflowAsync(HttpMethod.Put, "runs/create", "{}");
        Assert.Equal((405, "ENDPOINT_NOT_FOUND"), (status, error["error_code"]!.GetValue<string>()));
        using var plain = await server.Http.PostAsync("api/2.0/mlflow/runs/create", new StringContent("{}", System.Text.Encoding.UTF8, "text/plain"));
        Assert.Contains("Bad Request. Content-Type must be one of ['application/json'].", await plain.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var none = await server.Http.PostAsync("api/2.0/mlflow/runs/create", new ByteArrayContent("{}"u8.ToArray()));
        Assert.Contains("Bad Request. Content-Type header is missing.", await none.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory, EachDatabase]
    public async Task Every_project_has_experiment_0_and_a_run_without_a_start_starts_now(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => server.Http.PostAsync("p/team-a/api/2.0/mlflow/runs/create", Json("{}"))));
        foreach (var answer in answers)
        {
            var info = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["run"]!["info"]!;
            Assert.Equal("0", info["experiment_id"]!.GetValue<string>());
            Assert.InRange(TestServer.Int(info["start_time"]), DateTimeOffset.UtcNow.AddMinutes(-5).ToUnixTimeMilliseconds(), DateTimeOffset.UtcNow.AddMinutes(5).ToUnixTimeMilliseconds());
        }
    }

    [Theory, EachDatabase]
    public async Task Projects_do_not_see_each_other(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await server.Http.PostAsync("p/other/api/2.0/mlflow/registered-models/create", Json("""{"name":"theirs"}"""));
        Assert.Equal(404, (await server.MlflowAsync(HttpMethod.Get, "registered-models/get?name=theirs")).Status);
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/2.0/mlflow/registered-models/get?name=theirs");
        request.Headers.Add("X-MLFLOW-WORKSPACE", "other");
        using var response = await server.Http.SendAsync(request);
        Assert.Equal("theirs", JsonNode.Parse(await response.Content.ReadAsStringAsync())!["registered_model"]!["name"]!.GetValue<string>());
    }

    private static StringContent Json(string text) => new(text, System.Text.Encoding.UTF8, "application/json");
}
