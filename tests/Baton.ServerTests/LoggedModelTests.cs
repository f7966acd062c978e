using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Baton.Database;
using Baton.Testing;
using Xunit;

namespace Baton.ServerTests;

/// <summary>Logged models of MLflow 3, as its clients make them.</summary>
public sealed class LoggedModelTests
{
    [Theory, EachDatabase]
    public async Task A_logged_model_answers_as_MLflow_does(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var run = await server.NewRunAsync();
        var (status, created) = await server.MlflowAsync(HttpMethod.Post, "logged-models", $$"""
            {"experiment_id": "0", "name": "nm", "source_run_id": "{{run}}", "params": [{"key": "b", "value": "2"}, {"key": "a", "value": "1"}],
             "tags": [{"key": "x", "value": "y"}, {"key": "x", "value": "z"}]}
            """);
        Assert.Equal(200, status);
        var info = created["model"]!["info"]!;
        var id = info["model_id"]!.GetValue<string>();
        Assert.Matches("^m-[0-9a-f]{32}$", id);
        Assert.Equal(
            ["0", "nm", $"mlflow-artifacts:/0/models/{id}/artifacts", "LOGGED_MODEL_PENDING", "", run],
            new[] { "experiment_id", "name", "artifact_uri", "status", "model_type", "source_run_id" }.Select(f => info[f]!.GetValue<string>()));
        Assert.Equal("""[{"key":"x","value":"z"}]""", info["tags"]!.ToJsonString());
        Assert.Equal("""{"params":[{"key":"a","value":"1"},{"key":"b","value":"2"}]}""", created["model"]!["data"]!.ToJsonString());
        Assert.True(TestServer.Int(info["creation_timestamp_ms"]) > 1_700_000_000_000);

        (status, var ready) = await server.MlflowAsync(HttpMethod.Patch, $"logged-models/{id}", new { model_id = id, status = "LOGGED_MODEL_READY" });
        Assert.Equal((200, "LOGGED_MODEL_READY"), (status, ready["model"]!["info"]!["status"]!.GetValue<string>()));
        (_, var failed) = await server.MlflowAsync(HttpMethod.Patch, $"logged-models/{id}", new { model_id = id, status = 3 });
        Assert.Equal("LOGGED_MODEL_UPLOAD_FAILED", failed["model"]!["info"]!["status"]!.GetValue<string>());

        (_, var read) = await server.MlflowAsync(HttpMethod.Get, $"logged-models/{id}");
        Assert.Equal(failed.ToJsonString(), read.ToJsonString());
    }

    [Theory, EachDatabase]
    public async Task Every_point_of_a_model_comes_back_and_NaN_stays_NaN(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var run = await server.NewRunAsync();
        var id = await NewModelAsync(server);
        for (var again = 0; again < 2; again++)
        {
            var (status, _) = await server.MlflowAsync(HttpMethod.Post, "runs/log-batch", $$"""
                {"run_id": "{{run}}", "metrics": [
                 {"key": "loss", "value": "NaN", "timestamp": 7, "step": 2, "model_id": "{{id}}"},
                 {"key": "acc", "value": 0.7, "timestamp": 6, "step": 2, "model_id": "{{id}}", "dataset_name": "d", "dataset_digest": "g"},
                 {"key": "acc", "value": 0.6, "timestamp": 5, "step": 1, "model_id": "{{id}}"}]}
                """);
            Assert.Equal(200, status);
        }

        var (_, read) = await server.MlflowAsync(HttpMethod.Get, $"logged-models/{id}");
        Assert.Equal(
            $$"""
            [{"key":"acc","value":0.6,"timestamp":5,"step":1,"model_id":"{{id}}","run_id":"{{run}}"},{"key":"acc","value":0.7,"timestamp":6,"step":2,"dataset_name":"d","dataset_digest":"g","model_id":"{{id}}","run_id":"{{run}}"},{"key":"loss","value":"NaN","timestamp":7,"step":2,"model_id":"{{id}}","run_id":"{{run}}"}]
            """.Trim(),
            read["model"]!["data"]!["metrics"]!.ToJsonString());
    }

    [Theory, EachDatabase]
    public async Task Tags_are_set_and_removed_and_params_are_written_once(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var id = await NewModelAsync(server);
        await server.MlflowAsync(HttpMethod.Patch, $"logged-models/{id}/tags", """{"tags": [{"key": "a/b", "value": "1"}, {"key": "k", "value": "1"}]}""");
        await server.MlflowAsync(HttpMethod.Patch, $"logged-models/{id}/tags", """{"tags": [{"key": "k", "value": "2"}]}""");
        await server.MlflowAsync(HttpMethod.Post, $"logged-models/{id}/params", new { model_id = id, @params = new[] { new { key = "p", value = "1" } } });
        Assert.Equal(
            """[{"key":"a/b","value":"1"},{"key":"k","value":"2"}]""", (await ReadAsync(server, id))["info"]!["tags"]!.ToJsonString());

        var (status, error) = await server.MlflowAsync(
            HttpMethod.Post, $"logged-models/{id}/params", new { model_id = id, @params = new[] { new { key = "q", value = "1" }, new { key = "p", value = "1" } } });
        Assert.Equal((400, "BAD_REQUEST"), (status, error["error_code"]!.GetValue<string>()));
        Assert.Equal("""[{"key":"p","value":"1"}]""", (await ReadAsync(server, id))["data"]!["params"]!.ToJsonString());

        Assert.Equal(200, (await server.MlflowAsync(HttpMethod.Delete, $"logged-models/{id}/tags/a%2Fb")).Status);
        (status, error) = await server.MlflowAsync(HttpMethod.Delete, $"logged-models/{id}/tags/a%2Fb");
        Assert.Equal((404, $"No tag with key 'a/b' found for model with ID '{id}'."), (status, error["message"]!.GetValue<string>()));
        Assert.Equal("""[{"key":"k","value":"2"}]""", (await ReadAsync(server, id))["info"]!["tags"]!.ToJsonString());
    }

    [Theory, EachDatabase]
    public async Task A_deleted_model_is_found_only_by_who_asks_for_deleted_ones(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var id = await NewModelAsync(server);
        for (var again = 0; again < 2; again++)
            Assert.Equal(200, (await server.MlflowAsync(HttpMethod.Delete, $"logged-models/{id}")).Status);
        var (status, error) = await server.MlflowAsync(HttpMethod.Get, $"logged-models/{id}");
        Assert.Equal((404, $"Logged model with ID '{id}' not found."), (status, error["message"]!.GetValue<string>()));
        Assert.Equal(200, (await server.MlflowAsync(HttpMethod.Get, $"logged-models/{id}?allow_deleted=true")).Status);
        Assert.Equal(200, (await server.MlflowAsync(HttpMethod.Patch, $"logged-models/{id}/tags", """{"tags": [{"key": "k", "value": "1"}]}""")).Status);
        Assert.Single((await server.Client.ReadLedgerAsync()).Entries, e => e.Action == "logged_model.deleted");
    }

    [Theory]
    [InlineData("POST", "logged-models", """{"name": "n"}""", 400, "Missing value for required parameter 'experiment_id'")]
    [InlineData("POST", "logged-models", """{"experiment_id": "77"}""", 404, "No Experiment with id=77 exists")]
    [InlineData("POST", "logged-models", """{"experiment_id": "0", "name": "a/b"}""", 400, "Invalid model name ('a/b') provided. Model name must be a non-empty string and cannot contain")]
    [InlineData("POST", "logged-models", """{"experiment_id": "0", "name": "it's"}""", 400, "Invalid model name")]
    [InlineData("POST", "logged-models", """{"experiment_id": "0", "params": [{"key": "p", "value": "1"}, {"key": "p", "value": "1"}]}""", 400, "'p' is given twice")]
    [InlineData("PATCH", "logged-models/ID", """{"status": "LOGGED_MODEL_READY"}""", 400, "Missing value for required parameter 'model_id'")]
    [InlineData("PATCH", "logged-models/ID", """{"model_id": "ID"}""", 400, "Missing value for required parameter 'status'")]
    [InlineData("PATCH", "logged-models/ID", """{"model_id": "ID", "status": "READY"}""", 400, "\"READY\"")]
    [InlineData("PATCH", "logged-models/ID", """{"model_id": "ID", "status": 4}""", 400, "\"4\"")]
    [InlineData("PATCH", "logged-models/ID", """{"model_id": "m-1", "status": 2}""", 400, "'model_id'")]
    [InlineData("PATCH", "logged-models/m-1", """{"model_id": "m-1", "status": 2}""", 404, "Logged model with ID 'm-1' not found.")]
    [InlineData("POST", "logged-models/ID/params", """{"params": []}""", 400, "Missing value for required parameter 'model_id'")]
    [InlineData("PATCH", "logged-models/ID/tags", """{"tags": [{"value": "1"}]}""", 400, "Missing value for required parameter 'tags[0].key'")]
    [InlineData("DELETE", "logged-models/m-1", null, 404, "Logged model with ID 'm-1' not found.")]
    public async Task A_wrong_request_is_told_what_is_wrong(string verb, string route, string? body, int status, string message)
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        var id = await NewModelAsync(server);
        var (got, error) = await server.MlflowAsync(
            new HttpMethod(verb), route.Replace("ID", id, StringComparison.Ordinal), body?.Replace("\"ID\"", $"\"{id}\"", StringComparison.Ordinal));
        Assert.Equal(status, got);
        Assert.Contains(message, error["message"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Theory, EachDatabase]
    public async Task The_files_of_a_model_are_listed_and_served(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var id = await NewModelAsync(server);
        var root = (await ReadAsync(server, id))["info"]!["artifact_uri"]!.GetValue<string>();
        await server.Client.PutArtifactAsync(root, "MLmodel", new MemoryStream("flavors: {}"u8.ToArray()));
        await server.Client.PutArtifactAsync(root, "code/train.py", new MemoryStream("1"u8.ToArray()));
        var (_, listed) = await server.MlflowAsync(HttpMethod.Get, $"logged-models/{id}/artifacts/directories");
        Assert.Equal(
            $$"""{"root_uri":"{{root}}","files":[{"path":"MLmodel","is_dir":false,"file_size":11},{"path":"code","is_dir":true}]}""", listed.ToJsonString());
        (_, listed) = await server.MlflowAsync(HttpMethod.Get, $"logged-models/{id}/artifacts/directories?artifact_directory_path=code");
        Assert.Equal("code/train.py", listed["files"]![0]!["path"]!.GetValue<string>());
        Assert.Equal("flavors: {}", await server.Http.GetStringAsync($"ajax-api/2.0/mlflow/logged-models/{id}/artifacts/files?artifact_file_path=MLmodel"));
        using var missing = await server.Http.GetAsync($"ajax-api/2.0/mlflow/logged-models/{id}/artifacts/files?artifact_file_path=none");
        Assert.Equal(404, (int)missing.StatusCode);
    }

    [Theory, EachDatabase]
    public async Task A_key_given_twice_makes_one_model(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var ids = new HashSet<string>();
        for (var again = 0; again < 2; again++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "api/2.0/mlflow/logged-models");
            request.Headers.Add("Idempotency-Key", "once");
            request.Content = new StringContent("""{"experiment_id": "0"}""", Encoding.UTF8, "application/json");
            using var response = await server.Http.SendAsync(request);
            ids.Add(JsonNode.Parse(await response.Content.ReadAsStringAsync())!["model"]!["info"]!["model_id"]!.GetValue<string>());
        }

        Assert.Single(ids);
    }

    internal static async Task<string> NewModelAsync(TestServer server, string name = "model")
    {
        var (_, body) = await server.MlflowAsync(HttpMethod.Post, "logged-models", JsonSerializer.Serialize(new { experiment_id = "0", name }));
        return body["model"]!["info"]!["model_id"]!.GetValue<string>();
    }

    private static async Task<JsonNode> ReadAsync(TestServer server, string id) =>
        (await server.MlflowAsync(HttpMethod.Get, $"logged-models/{id}")).Body["model"]!;
}
