using System.Net;
using Baton.Database;
using Baton.Testing;
using Xunit;

namespace Baton.ServerTests;

/// <summary>The five search routes as MLflow's clients use them.</summary>
public sealed class SearchRoutesTests
{
    [Theory, EachDatabase]
    public async Task Runs_are_found_with_what_was_logged(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var (first, second) = (await server.NewRunAsync("first"), await server.NewRunAsync("second"));
        await server.MlflowAsync(HttpMethod.Post, "runs/log-batch", new
        {
            run_id = first,
            metrics = new[] { new { key = "loss", value = 0.5, timestamp = 1, step = 0 }, new { key = "loss", value = 0.7, timestamp = 2, step = 1 } },
            @params = new[] { new { key = "lr", value = "0.1" } },
            tags = new[] { new { key = "team", value = "a" } },
        });
        await server.MlflowAsync(HttpMethod.Post, "runs/log-batch", new { run_id = second, metrics = new[] { new { key = "loss", value = 0.6, timestamp = 1, step = 0 } } });

        Assert.Equal([first], await RunsAsync(server, "metrics.loss < 1 and params.lr = '0.1'"));
        Assert.Equal([second], await RunsAsync(server, "metrics.loss < 0.65"));
        Assert.Equal([first], await RunsAsync(server, "metrics.loss.min < 0.55"));
        Assert.Equal([first, second], await RunsAsync(server, "metrics.loss > 0 OR params.zz = 'a'", "metrics.loss DESC"));
        Assert.Equal([second, first], await RunsAsync(server, "", "metrics.loss"));
        Assert.Equal([second], await RunsAsync(server, "NOT params.lr = '0.1'"));
        Assert.Equal([second], await RunsAsync(server, "Run Name = 'second'"));
        Assert.Empty(await RunsAsync(server, "params.lr != '0.1'"));

        await server.MlflowAsync(HttpMethod.Post, "runs/delete", new { run_id = first });
        Assert.Equal([second], await RunsAsync(server, ""));
        var (_, deleted) = await server.MlflowAsync(HttpMethod.Post, "runs/search", new { experiment_ids = new[] { "0" }, run_view_type = "DELETED_ONLY" });
        var run = Assert.Single(deleted["runs"]!.AsArray())!;
        Assert.Equal("""[{"key":"lr","value":"0.1"}]""", run["data"]!["params"]!.ToJsonString());
        var (_, all) = await server.MlflowAsync(HttpMethod.Post, "runs/search", new { experiment_ids = new[] { "0" }, run_view_type = 3 });
        Assert.Equal(2, all["runs"]!.AsArray().Count);
    }

    [Theory, EachDatabase]
    public async Task A_search_nowhere_finds_nothing_and_a_wrong_one_is_told(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        Assert.Equal((200, "{}"), await AnswerAsync(server, HttpMethod.Post, "runs/search", """{}"""));
        Assert.Equal((200, "{}"), await AnswerAsync(server, HttpMethod.Post, "runs/search", """{"experiment_ids": ["77"]}"""));
        foreach (var (body, message) in new[]
        {
            ("""{"experiment_ids": ["x"]}""", "Invalid experiment ID 'x'"),
            ("""{"experiment_ids": ["0"], "max_results": 0}""", "Invalid value 0 for parameter 'max_results' supplied."),
            ("""{"experiment_ids": ["0"], "max_results": 50001}""", "Invalid value 50001 for parameter 'max_results' supplied. It must be at most 50000"),
            ("""{"experiment_ids": ["0"], "filter": "metrics.m == 1"}""", "Invalid comparator '=='"),
            ("""{"experiment_ids": ["0"], "page_token": "abc"}""", "Invalid page token, "),
            ("""{"experiment_ids": ["0"], "run_view_type": "NOPE"}""", "run_view_type"),
        })
        {
            var (status, answer) = await server.MlflowAsync(HttpMethod.Post, "runs/search", body);
            Assert.Equal((400, "INVALID_PARAMETER_VALUE"), (status, answer["error_code"]!.GetValue<string>()));
            Assert.Contains(message, answer["message"]!.GetValue<string>(), StringComparison.Ordinal);
        }
    }

    [Theory, EachDatabase]
    public async Task A_full_last_page_has_no_token_and_a_token_goes_with_its_search_only(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        foreach (var name in new[] { "a", "b", "c", "d" })
            await server.NewRunAsync(name);
        var (_, first) = await server.MlflowAsync(HttpMethod.Post, "runs/search", new { experiment_ids = new[] { "0" }, max_results = 2 });
        var token = first["next_page_token"]!.GetValue<string>();
        var (_, last) = await server.MlflowAsync(HttpMethod.Post, "runs/search", new { experiment_ids = new[] { "0" }, max_results = 2, page_token = token });
        Assert.Equal(2, last["runs"]!.AsArray().Count);
        Assert.Null(last["next_page_token"]);
        var (status, refused) = await server.MlflowAsync(
            HttpMethod.Post, "runs/search", new { experiment_ids = new[] { "0" }, max_results = 2, page_token = token, filter = "status = 'RUNNING'" });
        Assert.Equal(400, status);
        Assert.Contains("it belongs to another search", refused["message"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Theory, EachDatabase]
    public async Task Experiments_are_found_by_GET_and_POST(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        foreach (var name in new[] { "demo", "dent", "other" })
            await server.MlflowAsync(HttpMethod.Post, "experiments/create", new { name, tags = new[] { new { key = "team", value = name[..1] } } });

        Assert.Equal(["dent", "demo"], await NamesAsync(server, "experiments", "name", HttpMethod.Post, "experiments/search", """{"max_results": 10, "filter": "name LIKE 'de%'"}"""));
        Assert.Equal(
            ["demo", "dent"],
            await NamesAsync(server, "experiments", "name", HttpMethod.Get, $"experiments/search?max_results=10&filter={Uri.EscapeDataString("tags.team = 'd' AND NOT name = 'x'")}&order_by=name"));
        Assert.Equal(
            ["other"], await NamesAsync(server, "experiments", "name", HttpMethod.Post, "experiments/search", """{"filter": "tags.team IS NOT NULL AND tags.team != 'd'"}"""));
        var page = await server.MlflowAsync(HttpMethod.Post, "experiments/search", new { max_results = 3, order_by = new[] { "creation_time" } });
        var rest = await NamesAsync(
            server, "experiments", "name", HttpMethod.Post, "experiments/search",
            $$"""{"max_results": 3, "order_by": ["creation_time"], "page_token": "{{page.Body["next_page_token"]}}"}""");
        Assert.Equal(["other"], rest);
        Assert.Equal(400, (await server.MlflowAsync(HttpMethod.Post, "experiments/search", new { max_results = 0 })).Status);
    }

    [Theory, EachDatabase]
    public async Task Models_and_versions_are_found_and_prompts_only_when_asked_for(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        foreach (var name in new[] { "RegA", "RegB" })
            await server.RegisterAsync(name);
        await server.RegisterAsync("RegA");
        await server.MlflowAsync(
            HttpMethod.Post, "registered-models/create", """{"name": "RegPrompt", "tags": [{"key": "mlflow.prompt.is_prompt", "value": "true"}]}""");
        await server.MlflowAsync(HttpMethod.Post, "registered-models/set-tag", new { name = "RegB", key = "team", value = "x" });

        const string NoPrompt = "tag.`mlflow.prompt.is_prompt` != 'true'";
        Assert.Equal(["RegA", "RegB"], await ModelsAsync(server, ""));
        Assert.Equal(["RegA", "RegB"], await ModelsAsync(server, "name LIKE 'Reg%' AND " + NoPrompt));
        Assert.Equal(["RegA", "RegB"], await ModelsAsync(server, "tags.`mlflow.prompt.is_prompt` = 'false'"));
        Assert.Equal(["RegPrompt"], await ModelsAsync(server, "tags.`mlflow.prompt.is_prompt` = 'true'"));
        Assert.Equal(["RegB"], await ModelsAsync(server, "tags.team = 'x' OR name = 'zz'"));
        Assert.Equal(["RegA"], await ModelsAsync(server, "NOT tags.team = 'x'"));
        Assert.Equal(["RegB", "RegA"], await ModelsAsync(server, "", "&order_by=name%20DESC"));
        var (_, none) = await server.MlflowAsync(HttpMethod.Get, "registered-models/search?max_results=0");
        Assert.Equal(["RegA", "RegB"], await ModelsAsync(server, "", $"&page_token={none["next_page_token"]}"));

        Assert.Equal(["2", "1"], await VersionsAsync(server, "name='RegA'", "&order_by=name"));
        Assert.Equal(["2"], await VersionsAsync(server, "name = 'RegA' AND version_number > '1'"));
        Assert.Equal(["1", "2"], await VersionsAsync(server, "name = 'RegA' AND current_stage = 'None'", "&order_by=version_number"));
        Assert.Equal(3, (await VersionsAsync(server, "")).Count);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await server.Http.PostAsync("api/2.0/mlflow/model-versions/search", null)).StatusCode);
    }

    [Theory, EachDatabase]
    public async Task Logged_models_are_found_by_any_point_of_a_metric(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var run = await server.NewRunAsync();
        var ids = new List<string>();
        foreach (var name in new[] { "one", "two" })
        {
            var (_, made) = await server.MlflowAsync(HttpMethod.Post, "logged-models", new { experiment_id = "0", name, source_run_id = run });
            ids.Add(made["model"]!["info"]!["model_id"]!.GetValue<string>());
        }

        foreach (var (id, value, at) in new[] { (ids[0], 0.9, 1), (ids[0], 0.5, 2), (ids[1], 0.7, 1) })
            await server.MlflowAsync(
                HttpMethod.Post, "runs/log-metric", new { run_id = run, key = "acc", value, timestamp = at, step = at, model_id = id, dataset_name = "d" + at, dataset_digest = "g" });

        Assert.Equal(["one"], await LoggedAsync(server, """ "filter": "metrics.acc > 0.8" """));
        Assert.Equal(["two"], await LoggedAsync(server, """ "filter": "metrics.acc.min > 0.6" """));
        Assert.Equal(["one"], await LoggedAsync(server, """ "filter": "name = 'one' OR attributes.status = 'READY'" """));
        Assert.Equal(["two", "one"], await LoggedAsync(server, """ "order_by": [{"field_name": "metrics.acc", "ascending": false}] """));
        Assert.Equal(["one", "two"], await LoggedAsync(server, """ "order_by": [{"field_name": "metrics.acc", "ascending": false, "dataset_name": "d1"}] """));
        Assert.Equal(["one"], await LoggedAsync(server, """ "datasets": [{"dataset_name": "d2"}] """));
        Assert.Empty(await LoggedAsync(server, """ "datasets": [{"dataset_name": "d2", "dataset_digest": "other"}] """));
        Assert.Empty(await LoggedAsync(server, """ "datasets": [{"dataset_name": "d2"}], "filter": "metrics.acc > 0.8" """));
        Assert.Equal(400, (await server.MlflowAsync(HttpMethod.Post, "logged-models/search", "{}")).Status);
        foreach (var wrong in new[] { """ "filter": "tag.x = 'a'" """, """ "order_by": [{"field_name": "params.x"}] """, """ "order_by": [{}] """ })
            Assert.Equal(400, (await server.MlflowAsync(HttpMethod.Post, "logged-models/search", $$"""{"experiment_ids": ["0"], {{wrong}}}""")).Status);
    }

    private static async Task<IReadOnlyList<string>> RunsAsync(TestServer server, string filter, params string[] order)
    {
        var (status, answer) = await server.MlflowAsync(HttpMethod.Post, "runs/search", new { experiment_ids = new[] { "0" }, filter, order_by = order });
        Assert.True(status == 200, answer.ToJsonString());
        return [.. (answer["runs"]?.AsArray() ?? []).Select(r => r!["info"]!["run_id"]!.GetValue<string>())];
    }

    private static Task<IReadOnlyList<string>> ModelsAsync(TestServer server, string filter, string more = "") =>
        NamesAsync(server, "registered_models", "name", HttpMethod.Get, $"registered-models/search?filter={Uri.EscapeDataString(filter)}{more}");

    private static Task<IReadOnlyList<string>> VersionsAsync(TestServer server, string filter, string more = "") =>
        NamesAsync(server, "model_versions", "version", HttpMethod.Get, $"model-versions/search?filter={Uri.EscapeDataString(filter)}{more}");

    private static async Task<IReadOnlyList<string>> LoggedAsync(TestServer server, string more)
    {
        var (status, answer) = await server.MlflowAsync(HttpMethod.Post, "logged-models/search", $$"""{"experiment_ids": ["0"], {{more}}}""");
        Assert.True(status == 200, answer.ToJsonString());
        return [.. (answer["models"]?.AsArray() ?? []).Select(m => m!["info"]!["name"]!.GetValue<string>())];
    }

    private static async Task<IReadOnlyList<string>> NamesAsync(TestServer server, string list, string name, HttpMethod method, string route, string? body = null)
    {
        var (status, answer) = await server.MlflowAsync(method, route, body);
        Assert.True(status == 200, answer.ToJsonString());
        return [.. (answer[list]?.AsArray() ?? []).Select(m => m![name]!.GetValue<string>())];
    }

    private static async Task<(int Status, string Body)> AnswerAsync(TestServer server, HttpMethod method, string route, string body)
    {
        var (status, answer) = await server.MlflowAsync(method, route, body);
        return (status, answer.ToJsonString());
    }
}
