using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Baton.Database;
using Xunit;

namespace Baton.ServerTests;

public sealed class RefusedRoutesTests
{
    [Theory]
    [InlineData("POST", "v1/traces", "tracing backend")]
    [InlineData("POST", "api/3.0/mlflow/traces", "tracing backend")]
    [InlineData("POST", "api/3.0/mlflow/traces/search", "tracing backend")]
    [InlineData("GET", "api/2.0/mlflow/traces/tr-1/info", "tracing backend")]
    [InlineData("POST", "api/3.0/mlflow/datasets/create", "runs/log-inputs")]
    [InlineData("GET", "api/3.0/mlflow/scorers/list", "handoff contract")]
    [InlineData("POST", "api/3.0/mlflow/issues/search", "verdict")]
    [InlineData("GET", "ajax-api/3.0/mlflow/jobs/1", "Verifications")]
    [InlineData("POST", "api/3.0/mlflow/prompt-optimization/jobs", "mlflow.prompt.is_prompt")]
    [InlineData("GET", "api/3.0/mlflow/gateway/endpoints/list", "endpoints")]
    [InlineData("GET", "ajax-api/2.0/mlflow/gateway-proxy", "endpoints")]
    [InlineData("GET", "api/3.0/mlflow/workspaces", "X-MLFLOW-WORKSPACE")]
    [InlineData("POST", "graphql", "REST routes")]
    [InlineData("POST", "ajax-api/2.0/mlflow/runs/create-promptlab-run", "runs/create")]
    [InlineData("GET", "ajax-api/3.0/mlflow/ui-telemetry", "sends nobody")]
    [InlineData("POST", "api/2.0/mlflow/users/create", "later version")]
    [InlineData("PATCH", "api/2.0/mlflow/experiments/permissions/update", "later version")]
    [InlineData("DELETE", "api/2.0/mlflow/registered-models/permissions/delete", "later version")]
    public async Task What_Baton_does_not_do_is_refused_in_MLflows_form_and_names_what_there_is_instead(string verb, string path, string instead)
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        using var request = new HttpRequestMessage(new HttpMethod(verb), path);
        if (verb != "GET")
            request.Content = new StringContent("{}", Encoding.UTF8, path == "v1/traces" ? "application/x-protobuf" : "application/json");
        using var response = await server.Http.SendAsync(request);
        // 501 is not among the statuses that the Python client repeats for minutes (408, 429, 500, 502, 503, 504).
        Assert.Equal(HttpStatusCode.NotImplemented, response.StatusCode);
        var body = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        Assert.Equal("NOT_IMPLEMENTED", body["error_code"]!.GetValue<string>());
        Assert.Contains(instead, body["message"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("api/3.0/mlflow/server-info")]
    [InlineData("ajax-api/3.0/mlflow/server-info")]
    public async Task A_client_learns_what_it_talks_to(string path)
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        var info = JsonNode.Parse(await server.Http.GetStringAsync(path))!;
        Assert.Equal("SqlStore", info["store_type"]!.GetValue<string>());
        Assert.True(info["workspaces_enabled"]!.GetValue<bool>());
    }

    [Fact]
    public async Task Health_and_version_are_text_and_an_unknown_route_is_no_endpoint()
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        using var health = await server.Http.GetAsync("health");
        Assert.Equal("text/plain", health.Content.Headers.ContentType!.MediaType);
        Assert.Equal("OK", await health.Content.ReadAsStringAsync());
        Assert.Matches(@"^\d+\.\d+", await server.Http.GetStringAsync("version"));
        using var unknown = await server.Http.GetAsync("api/3.0/mlflow/runs/create");
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        Assert.Equal("ENDPOINT_NOT_FOUND", JsonNode.Parse(await unknown.Content.ReadAsStringAsync())!["error_code"]!.GetValue<string>());
    }
}
