using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Baton.Database;
using Baton.Testing;
using Xunit;

namespace Baton.ServerTests;

/// <summary>What MLflow's clients log to runs: the rules of log-batch and of its three smaller sisters.</summary>
public sealed class LogBatchTests
{
    [Theory, EachDatabase]
    public async Task The_latest_point_is_the_greatest_by_step_time_value_however_points_come(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var id = await server.NewRunAsync();
        // In one batch, then point by point in the other order; the greatest stays: NaN counts as 0.
        (double Value, long Time, long Step)[] points = [(5, 10, 1), (3, 10, 2), (double.NaN, 20, 2), (-1, 20, 2), (9, 30, 1), (2, 20, 2), (1, 20, 2)];
        await BatchAsync(server, id, string.Join(",", points.Select(p => Point("m", p))));
        foreach (var point in points.Reverse())
            await BatchAsync(server, id, Point("n", point));
        foreach (var key in new[] { "m", "n" })
        {
            var latest = (await MetricsAsync(server, id)).Single(m => m!["key"]!.GetValue<string>() == key)!;
            Assert.Equal((2L, 20L, 2L), (TestServer.Int(latest["value"]), TestServer.Int(latest["timestamp"]), TestServer.Int(latest["step"])));
        }

        await BatchAsync(server, id, Point("nan", (double.NaN, 1, 1)), Point("nan", (-4, 1, 1)));
        Assert.Equal("NaN", (await MetricsAsync(server, id)).Single(m => m!["key"]!.GetValue<string>() == "nan")!["value"]!.GetValue<string>());
    }

    [Theory, EachDatabase]
    public async Task Values_come_in_every_form_that_clients_write(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var id = await server.NewRunAsync();
        var (status, _) = await server.MlflowAsync(HttpMethod.Post, "runs/log-batch", $$"""
            {"unknown": {"a": [1, {"b": "c"}]}, "runUuid": "{{id}}", "metrics": [
              {"key": "bare", "value": NaN, "timestamp": 1}, {"key": "min", "value": -Infinity, "timestamp": "2", "step": "3"},
              {"key": "text", "value": "0.25", "timestamp": 2.0, "step": 4e0}, {"key": "true", "value": true, "timestamp": 1, "extra": null},
              {"key": "\u0061scaped", "value": 1e400, "timestamp": 1, "step": -7}, {"key": "wrong", "key": "last wins", "value": "Inf", "timestamp": 1}]}
            """);
        Assert.Equal(200, status);
        Assert.Equal(
            ["ascaped 1.7976931348623157E+308 1 -7", "bare \"NaN\" 1 0", "last wins 1.7976931348623157E+308 1 0", "min -1.7976931348623157E+308 2 3", "text 0.25 2 4", "true 1 1 0"],
            (await MetricsAsync(server, id)).Select(m => $"{m!["key"]} {m["value"]!.ToJsonString()} {m["timestamp"]} {m["step"]}"));
    }

    [Theory, EachDatabase]
    public async Task Points_of_wide_batches_are_all_in_the_history_once_however_often_they_are_sent_and_asked_for(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var id = await server.NewRunAsync();
        for (var step = 0; step < 3; step++)
        {
            var wide = string.Join(",", Enumerable.Range(0, 40).Select(key => Point($"k{key}", (step, step, step))));
            await BatchAsync(server, id, wide);
            await BatchAsync(server, id, wide);
            await BatchAsync(server, id, Point("k0", (step, step, step)));
            foreach (var key in new[] { "k0", "k39" })
            {
                var history = await server.MlflowAsync(HttpMethod.Get, $"metrics/get-history?run_id={id}&metric_key={key}");
                Assert.Equal(Enumerable.Range(0, step + 1).Select(s => (long)s), history.Body["metrics"]!.AsArray().Select(m => TestServer.Int(m!["step"])));
            }
        }

        var (_, found) = await server.MlflowAsync(
            HttpMethod.Post, "runs/search", """{"experiment_ids": ["0"], "filter": "metrics.k7.at(1) = 1 AND metrics.k7.max = 2", "max_results": 5}""");
        Assert.Single(found["runs"]!.AsArray());
    }

    [Theory, EachDatabase]
    public async Task A_run_that_is_being_removed_for_good_is_gone_for_everyone(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var id = await server.NewRunAsync();
        await using (var database = await BatonDatabase.OpenAsync(server.DatabaseConnection, TimeProvider.System))
            await database.WriteAsync(sql => sql.ExecuteAsync("UPDATE runs SET lifecycle_stage = 'purging' WHERE run_id = @id", new { id }));

        foreach (var route in new[] { "runs/restore", "runs/delete" })
            Assert.Equal(404, (await server.MlflowAsync(HttpMethod.Post, route, new { run_id = id })).Status);
        foreach (var route in new[] { "experiments/delete", "experiments/restore" })
            Assert.Equal(200, (await server.MlflowAsync(HttpMethod.Post, route, new { experiment_id = "0" })).Status);
        var (_, run) = await server.MlflowAsync(HttpMethod.Get, $"runs/get?run_id={id}");
        Assert.Equal("deleted", run["run"]!["info"]!["lifecycle_stage"]!.GetValue<string>());
        Assert.Equal(404, (await server.MlflowAsync(HttpMethod.Post, "runs/restore", new { run_id = id })).Status);
    }

    [Theory, EachDatabase]
    public async Task A_field_named_by_half_a_character_is_refused(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var id = await server.NewRunAsync();
        foreach (var (path, rest) in new[] { ("runs/log-batch", $"\"run_id\": \"{id}\""), ("runs/create", "\"experiment_id\": \"0\"") })
            Assert.Equal(400, (await server.MlflowAsync(HttpMethod.Post, path, "{\"\\ud800\": 1, " + rest + "}")).Status);
    }

    [Theory, EachDatabase]
    public async Task A_batch_is_taken_packed_with_gzip(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var id = await server.NewRunAsync();
        var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            await gzip.WriteAsync(Encoding.UTF8.GetBytes($$"""{"run_id": "{{id}}", "metrics": [{{Point("m", (1, 1, 1))}}]}"""));
        async Task<HttpResponseMessage> SendAsync(byte[] body)
        {
            using var content = new ByteArrayContent(body);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            content.Headers.ContentEncoding.Add("gzip");
            return await server.Http.PostAsync("api/2.0/mlflow/runs/log-batch", content);
        }

        Assert.Equal(200, (int)(await SendAsync(packed.ToArray())).StatusCode);
        Assert.Single(await MetricsAsync(server, id));
        Assert.Equal(400, (int)(await SendAsync([1, 2, 3, 4])).StatusCode);
        // 70 MB of zeros in 70 KB: refused once they are too many.
        var bomb = new MemoryStream();
        await using (var gzip = new GZipStream(bomb, CompressionLevel.Fastest, leaveOpen: true))
            await gzip.WriteAsync(new byte[70 * 1024 * 1024]);
        Assert.Equal(413, (int)(await SendAsync(bomb.ToArray())).StatusCode);
    }

    [Theory, EachDatabase]
    public async Task Limits_hold_at_their_bound_and_a_refused_batch_leaves_nothing(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var id = await server.NewRunAsync();
        string Many(int count, string name) => string.Join(",", Enumerable.Range(0, count).Select(i => $$"""{"key": "{{name}}{{i}}", "value": "1", "timestamp": 1}"""));
        async Task<(int, string?)> SendAsync(int metrics, int parameters, int tags)
        {
            var (status, answer) = await server.MlflowAsync(
                HttpMethod.Post, "runs/log-batch", $$"""{"run_id": "{{id}}", "metrics": [{{Many(metrics, "m")}}], "params": [{{Many(parameters, "p")}}], "tags": [{{Many(tags, "t")}}]}""");
            return (status, answer["message"]?.GetValue<string>());
        }

        Assert.Equal((400, "A batch logging request can contain at most 1000 metrics. Got 1001 metrics. Please split up metrics across multiple requests and try again."), await SendAsync(1001, 0, 0));
        Assert.Equal((400, "A batch logging request can contain at most 100 params. Got 101 params. Please split up params across multiple requests and try again."), await SendAsync(0, 101, 0));
        Assert.Equal((400, "A batch logging request can contain at most 100 tags. Got 101 tags. Please split up tags across multiple requests and try again."), await SendAsync(0, 0, 101));
        Assert.StartsWith("A batch logging request can contain at most 1000 metrics, params, and tags. Got 1001", (await SendAsync(901, 50, 50)).Item2, StringComparison.Ordinal);
        Assert.Empty(await MetricsAsync(server, id));
        Assert.Equal((200, null), await SendAsync(800, 100, 100));
        Assert.Equal((200, null), await SendAsync(1000, 0, 0));
        Assert.Equal((200, null), await SendAsync(0, 0, 0));
        Assert.Equal(1000, (await MetricsAsync(server, id)).Count);
    }

    [Theory]
    [InlineData("""{"run_id": "x", "metrics": [{"key": "a", "value": 1, "timestamp": 1}, {"key": "b", "value": 1}]}""", "Missing value for required parameter 'metrics[1].timestamp'.")]
    [InlineData("""{"metrics": [{"key": 5}]}""", "Missing value for required parameter 'run_id'.")]
    [InlineData("""{"run_id": "x", "metrics": [{"key": 5, "value": 1, "timestamp": 1}]}""", "Invalid value 5 for parameter 'metrics[0].key' supplied:  Hint: Value was of type 'int'.")]
    [InlineData("""{"run_id": "x", "metrics": [{"key": "m", "value": [1], "timestamp": 1}]}""", "Invalid value [1] for parameter 'metrics[0].value' supplied:  Hint: Value was of type 'list'.")]
    [InlineData("""{"run_id": "x", "metrics": [{"key": "m", "value": "abc", "timestamp": 1}]}""", "Invalid value \"abc\" for parameter 'metrics[0].value' supplied:  Hint: Value was of type 'str'.")]
    [InlineData("""{"run_id": "x", "metrics": [{"key": "m", "value": 1, "timestamp": 1, "step": 1.5}]}""", "Invalid value 1.5 for parameter 'metrics[0].step' supplied:  Hint: Value was of type 'float'.")]
    [InlineData("""{"run_id": "x", "metrics": [{"key": "m", "value": 1, "timestamp": 1, "step": 9223372036854775808}]}""", "for parameter 'metrics[0].step' supplied:")]
    [InlineData("""{"run_id": "x", "metrics": [{"key": "m", "value": null, "timestamp": 1}]}""", "Missing value for required parameter 'metrics[0].value'.")]
    [InlineData("""{"run_id": "x", "metrics": {"key": "m"}}""", "Invalid value {\"key\": \"m\"} for parameter 'metrics' supplied:  Hint: Value was of type 'dict'.")]
    [InlineData("""{"run_id": "x", "metrics": [7]}""", "Invalid value 7 for parameter 'metrics[0]' supplied:  Hint: Value was of type 'int'.")]
    [InlineData("""{"run_id": "x", "params": [{"value": "v"}]}""", "Missing value for required parameter 'params[0].key'.")]
    [InlineData("""{"run_id": "x", "params": [{"key": "p", "value": 1}]}""", "Invalid value 1 for parameter 'params[0].value' supplied:  Hint: Value was of type 'int'.")]
    [InlineData("""{"run_id": "x", "tags": [{"key": "t\u0000", "value": "v"}]}""", "parameter 'tags[0].key' supplied: it holds a NUL character.")]
    [InlineData("""{"run_id": "x", "tags": [{"key": "t", "value": "\ud800"}]}""", "parameter 'tags[0].value' supplied: it holds half a character")]
    [InlineData("""{"run_id": "$$", "metrics": [{"key": "m", "value": 1, "timestamp": -1}]}""", "Invalid value \"$$\" for parameter 'run_id' supplied.")]
    [InlineData("""{"run_id": "x", "metrics": [{"key": "ok", "value": 1, "timestamp": 1}, {"key": "a//b", "value": 1, "timestamp": 1}]}""", "Invalid value \"a//b\" for parameter 'metrics[1].name' supplied: Names may be treated as files in certain cases, and must not resolve to other names when treated as such. This name would resolve to 'a/b'")]
    [InlineData("""{"run_id": "x", "params": [{"key": "a$"}]}""", "Invalid value \"a$\" for parameter 'params[0].key' supplied: Names may only contain alphanumerics")]
    [InlineData("""{"run_id": "x", "metrics": [{"key": "m", "value": 1, "timestamp": -1}]}""", "Invalid value -1 for parameter 'metrics[0].timestamp' supplied: metric 'm' (value=1.0). Timestamp must be a nonnegative long (64-bit integer) ")]
    [InlineData("""{"run_id": "x", "params": [{"key": "d", "value": "1"}, {"key": "d", "value": "1"}]}""", "Duplicate parameter keys have been submitted: ['d']. Please ensure the request contains only one param value per param key.")]
    [InlineData("""{"run_id": "x"}""", "Run with id=x not found")]
    public async Task Checks_come_in_MLflows_order_and_name_the_place(string body, string message)
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        var (status, error) = await server.MlflowAsync(HttpMethod.Post, "runs/log-batch", body);
        Assert.Contains(message, error["message"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(message.StartsWith("Run with", StringComparison.Ordinal) ? 404 : 400, status);
    }

    [Theory, EachDatabase]
    public async Task Keys_and_values_are_measured_in_code_points_and_long_values_cut(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var id = await server.NewRunAsync();
        var letter = "\U0001D49C";
        string Repeat(int times) => string.Concat(Enumerable.Repeat(letter, times));
        Assert.Equal(200, (await server.MlflowAsync(HttpMethod.Post, "runs/set-tag", new { run_id = id, key = Repeat(250), value = Repeat(8001) })).Status);
        Assert.Equal(200, (await server.MlflowAsync(HttpMethod.Post, "runs/log-parameter", new { run_id = id, key = "p", value = Repeat(6001) })).Status);
        var (status, error) = await server.MlflowAsync(HttpMethod.Post, "runs/set-tag", new { run_id = id, key = Repeat(251), value = "" });
        Assert.Equal((400, "'key' exceeds the maximum length of 250 characters"), (status, error["message"]!.GetValue<string>()));
        (_, error) = await server.MlflowAsync(HttpMethod.Post, "runs/log-metric", new { run_id = id, key = Repeat(251), value = 1, timestamp = 1 });
        Assert.Equal("'Metric name' exceeds the maximum length of 250 characters", error["message"]!.GetValue<string>());
        var (_, run) = await server.MlflowAsync(HttpMethod.Get, $"runs/get?run_id={id}");
        Assert.Equal(Repeat(6000), run["run"]!["data"]!["params"]![0]!["value"]!.GetValue<string>());
        Assert.Equal(Repeat(8000), run["run"]!["data"]!["tags"]!.AsArray().Single(t => t!["key"]!.GetValue<string>() == Repeat(250))!["value"]!.GetValue<string>());
        // What was cut, sent again, is no change.
        Assert.Equal(200, (await server.MlflowAsync(HttpMethod.Post, "runs/log-parameter", new { run_id = id, key = "p", value = Repeat(6001) })).Status);
    }

    [Theory, EachDatabase]
    public async Task A_param_is_written_once_and_the_last_of_equal_tags_wins(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var id = await server.NewRunAsync();
        await server.MlflowAsync(HttpMethod.Post, "runs/log-parameter", new { run_id = id, key = "p", value = "1" });
        var (status, error) = await server.MlflowAsync(HttpMethod.Post, "runs/log-parameter", new { run_id = id, key = "p", value = "2" });
        Assert.Equal(
            (400, $"Changing param values is not allowed. Param with key='p' was already logged with value='1' for run ID='{id}'. Attempted logging new value '2'."),
            (status, error["message"]!.GetValue<string>()));
        (status, _) = await server.MlflowAsync(HttpMethod.Post, "runs/log-batch", $$"""
            {"run_id": "{{id}}", "params": [{"key": "p", "value": "1"}, {"key": "empty"}],
             "tags": [{"key": "t", "value": "1"}, {"key": "mlflow.runName", "value": "renamed"}, {"key": "t", "value": "2"}]}
            """);
        Assert.Equal(200, status);
        var (_, run) = await server.MlflowAsync(HttpMethod.Get, $"runs/get?run_id={id}");
        Assert.Equal("""[{"key":"empty","value":""},{"key":"p","value":"1"}]""", run["run"]!["data"]!["params"]!.ToJsonString());
        Assert.Equal("""[{"key":"mlflow.runName","value":"renamed"},{"key":"t","value":"2"}]""", run["run"]!["data"]!["tags"]!.ToJsonString());
        Assert.Equal("renamed", run["run"]!["info"]!["run_name"]!.GetValue<string>());
    }

    [Theory, EachDatabase]
    public async Task A_point_of_a_model_that_does_not_exist_is_refused_and_nothing_kept(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var id = await server.NewRunAsync();
        var (status, error) = await server.MlflowAsync(HttpMethod.Post, "runs/log-batch", $$"""
            {"run_id": "{{id}}", "metrics": [{{Point("m", (1, 1, 1))}}, {"key": "m", "value": 2, "timestamp": 1, "model_id": "m-none"}]}
            """);
        Assert.Equal((400, "INVALID_PARAMETER_VALUE"), (status, error["error_code"]!.GetValue<string>()));
        Assert.Contains("m-none", error["message"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Empty(await MetricsAsync(server, id));
    }

    [Theory, EachDatabase]
    public async Task Clients_side_by_side_bring_the_same_new_keys_and_lose_nothing(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var runs = new List<string>();
        for (var i = 0; i < 4; i++)
            runs.Add(await server.NewRunAsync());
        await Task.WhenAll(Enumerable.Range(0, 12).Select(async client =>
        {
            var keys = Enumerable.Range(0, 100).Select(k => $"k{(client % 2 == 0 ? k : 99 - k)}");
            await BatchAsync(server, runs[client % 4], [.. keys.Select(key => Point(key, (client, client, client)))]);
        }));
        foreach (var run in runs)
        {
            Assert.Equal(100, (await MetricsAsync(server, run)).Count);
            var (_, history) = await server.MlflowAsync(HttpMethod.Get, $"metrics/get-history?run_id={run}&metric_key=k7");
            Assert.Equal(3, history["metrics"]!.AsArray().Count);
        }
    }

    private static string Point(string key, (double Value, long Time, long Step) p) =>
        $$"""{"key": "{{key}}", "value": {{(double.IsNaN(p.Value) ? "\"NaN\"" : p.Value)}}, "timestamp": {{p.Time}}, "step": {{p.Step}}}""";

    private static async Task BatchAsync(TestServer server, string id, params string[] points)
    {
        var (status, answer) = await server.MlflowAsync(HttpMethod.Post, "runs/log-batch", $$"""{"run_id": "{{id}}", "metrics": [{{string.Join(",", points)}}]}""");
        Assert.Equal((200, "{}"), (status, answer.ToJsonString()));
    }

    private static async Task<JsonArray> MetricsAsync(TestServer server, string id)
    {
        var (_, run) = await server.MlflowAsync(HttpMethod.Get, $"runs/get?run_id={id}");
        return run["run"]!["data"]!["metrics"]?.AsArray() ?? [];
    }
}
