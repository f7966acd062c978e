using System.Text;
using System.Text.Json.Nodes;
using Baton.Database;
using Baton.Testing;
using Xunit;

namespace Baton.ServerTests.Mlflow;

/// <summary>Clients with habits of their own: the R client sends every scalar as a string and knows <c>run_uuid</c>; others send a body with GET or DELETE.</summary>
public sealed class StringClientTests(EngineServers servers) : IClassFixture<EngineServers>
{
    [Theory, EachDatabase]
    public async Task The_R_clients_life_cycle_with_every_scalar_a_string(Engine engine)
    {
        var world = World.Empty(servers[engine]);
        var experiment = (await world.DoneAsync("experiments/create", new { name = "from R" }))["experiment_id"]!.GetValue<string>();
        var run = (await world.DoneAsync("runs/create", new { experiment_id = experiment, user_id = "ada", start_time = "1795446216889", tags = new[] { new { key = "mlflow.runName", value = "r" } } }))["run"]!["info"]!;
        var id = run["run_uuid"]!.GetValue<string>();
        Assert.Equal(1795446216889, TestServer.Int(run["start_time"]));
        await world.DoneAsync("runs/log-metric", new { run_uuid = id, run_id = id, key = "m", value = "0.5", timestamp = "1795446216890", step = "3" });
        await world.DoneAsync("runs/log-metric", new { run_uuid = id, key = "m", value = "NaN", timestamp = "1795446216891", step = "4" });
        await world.DoneAsync("runs/log-parameter", new { run_uuid = id, key = "p", value = "1" });
        await world.DoneAsync("runs/set-tag", new { run_uuid = id, key = "t", value = "TRUE" });
        await world.DoneAsync("runs/log-batch", new { run_id = id, metrics = new[] { new { key = "b", value = "-Infinity", timestamp = "1", step = "0" } } });
        var history = (await world.ReadAsync($"metrics/get-history?run_uuid={id}&run_id={id}&metric_key=m&max_results=25000"))["metrics"]!.AsArray();
        Assert.Equal(["0.5", "\"NaN\""], history.Select(m => m!["value"]!.ToJsonString()));
        var found = (await world.DoneAsync("runs/search", new { experiment_ids = new[] { experiment }, run_view_type = "ACTIVE_ONLY", max_results = "25000", filter = "" }))["runs"]!.AsArray();
        Assert.Equal(id, Assert.Single(found)!["info"]!["run_id"]!.GetValue<string>());
        var ended = (await world.DoneAsync("runs/update", new { run_uuid = id, status = "3", end_time = "1795446217000" }))["run_info"]!;
        Assert.Equal(("FINISHED", 1795446217000L), (ended["status"]!.GetValue<string>(), TestServer.Int(ended["end_time"])));
        Assert.Equal("1795446217000", ended["end_time"]!.ToJsonString());
        var experiments = (await world.DoneAsync("experiments/search", new { max_results = "10", view_type = "ALL" }))["experiments"]!.AsArray();
        Assert.Contains(experiment, experiments.Select(e => e!["experiment_id"]!.GetValue<string>()));
        await world.UploadAsync(id, "m/MLmodel");
        await world.DoneAsync("registered-models/create", new { name = "R model" });
        await world.DoneAsync("model-versions/create", new { name = "R model", source = $"runs:/{id}/m", run_id = id });
        var moved = (await world.DoneAsync("model-versions/transition-stage", new { name = "R model", version = "1", stage = "Staging", archive_existing_versions = "FALSE" }))["model_version"]!;
        Assert.Equal("Staging", moved["current_stage"]!.GetValue<string>());
        var models = (await world.ReadAsync("registered-models/search?max_results=1"))["registered_models"]!.AsArray();
        Assert.Equal("R model", Assert.Single(models)!["name"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("runs/get")]
    [InlineData("artifacts/list")]
    [InlineData("metrics/get-history", "&metric_key=loss")]
    public async Task Either_name_of_a_run_is_read_in_a_query(string route, string more = "")
    {
        var world = await World.SeededAsync(servers[Engine.Sqlite]);
        var (now, old) = (await world.ReadAsync($"{route}?run_id={world.RunId}{more}"), await world.ReadAsync($"{route}?run_uuid={world.RunId}{more}"));
        Assert.Equal(now.ToJsonString(), old.ToJsonString());
        Assert.Equal(now.ToJsonString(), (await world.ReadAsync($"{route}?run_uuid=none&run_id={world.RunId}{more}")).ToJsonString());
    }

    [Theory, EachDatabase]
    public async Task A_DELETE_takes_a_body_or_a_query(Engine engine)
    {
        var world = await World.SeededAsync(servers[engine]);
        Assert.Equal("{}", (await world.AskAsync("DELETE", "registered-models/delete-tag", """{"name":"a model","key":"team"}""")).Json.ToJsonString());
        Assert.Equal(200, (await world.AskAsync("DELETE", "registered-models/alias?name=a+model&alias=champion", null)).Status);
        Assert.Equal(200, (await world.AskAsync("DELETE", "model-versions/delete?name=a+model&version=2", null)).Status);
        Assert.Equal(200, (await world.AskAsync("DELETE", "model-versions/delete", """{"name":"a model","version":"1"}""")).Status);
        var model = (await world.ReadAsync("registered-models/get?name=a+model"))["registered_model"]!;
        Assert.Equal((null, null, null), (model["tags"], model["aliases"], model["latest_versions"]));
        var missing = await world.AskAsync("DELETE", "registered-models/delete", "{}");
        Assert.Equal((400, "Missing value for required parameter 'name'."), (missing.Status, missing.Message[..44]));
    }

    [Theory, EachDatabase]
    public async Task A_GET_without_a_query_reads_its_body_and_old_clients_encode_twice(Engine engine)
    {
        var world = await World.SeededAsync(servers[engine]);
        var read = await world.AskAsync("GET", "runs/get", $$"""{"run_id":"{{world.RunId}}"}""");
        Assert.Equal(world.RunId, read.Json["run"]!["info"]!["run_id"]!.GetValue<string>());
        var twice = await world.AskAsync("POST", "runs/set-tag", JsonValue.Create($$"""{"run_id":"{{world.RunId}}","key":"twice","value":"yes"}""").ToJsonString());
        Assert.Equal(200, twice.Status);
        var camel = await world.AskAsync("POST", "runs/set-tag", $$"""{"runId":"{{world.RunId}}","key":"camel","value":"yes"}""");
        Assert.True(camel.Status == 200, camel.ToString());
        var tags = (await world.ReadAsync($"runs/get?run_id={world.RunId}"))["run"]!["data"]!["tags"]!.AsArray().Select(t => t!["key"]!.GetValue<string>()).ToList();
        Assert.Contains("twice", tags);
        Assert.Contains("camel", tags);
    }

    [Theory]
    [InlineData(null, "Bad Request. Content-Type header is missing.")]
    [InlineData("text/plain", "Bad Request. Content-Type must be one of ['application/json'].")]
    public async Task A_POST_of_another_type_is_refused(string? type, string message)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes("""{"name":"x"}"""));
        if (type is not null)
            content.Headers.Add("Content-Type", type);
        using var response = await servers[Engine.Sqlite].PostAsync("api/2.0/mlflow/experiments/create", content);
        var error = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        Assert.Equal((400, "INVALID_PARAMETER_VALUE", message), ((int)response.StatusCode, error["error_code"]!.GetValue<string>(), error["message"]!.GetValue<string>()));
    }
}
