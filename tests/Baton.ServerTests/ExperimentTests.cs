using Baton.Database;
using Baton.Testing;
using Xunit;

namespace Baton.ServerTests;

/// <summary>Experiments as MLflow's clients make, find, rename, delete and tag them.</summary>
public sealed class ExperimentTests
{
    [Theory, EachDatabase]
    public async Task An_experiment_is_renamed_deleted_with_its_runs_and_restored(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var id = await NewAsync(server, """{"name": "e/1 ü", "tags": [{"key": "a b$", "value": "v"}]}""");
        var run = await RunInAsync(server, id);
        var deletedBefore = await RunInAsync(server, id);
        Assert.Equal((200, "{}"), await SendAsync(server, "runs/delete", new { run_id = deletedBefore }));

        Assert.Equal((200, "{}"), await SendAsync(server, "experiments/update", new { experiment_id = id, new_name = "e2" }));
        Assert.Equal((200, "{}"), await SendAsync(server, "experiments/set-experiment-tag", new { experiment_id = id, key = "k", value = "" }));
        Assert.Equal((200, "{}"), await SendAsync(server, "experiments/delete", new { experiment_id = id }));
        Assert.Equal((404, $"No Experiment with id={id} exists"), await SendAsync(server, "experiments/delete", new { experiment_id = id }));
        Assert.Equal(("deleted", "e2"), await StageAsync(server, $"experiments/get-by-name?experiment_name=e2"));
        Assert.Equal("deleted", await RunStageAsync(server, run));
        Assert.Equal((400, $"The experiment {id} must be in the 'active' state. Current state is deleted."), await SendAsync(server, "runs/create", new { experiment_id = id }));
        Assert.Equal(
            (400, $"The experiment {id} must be in the 'active' state. Current state is deleted."),
            await SendAsync(server, "experiments/set-experiment-tag", new { experiment_id = id, key = "k", value = "" }));
        Assert.Equal((400, "Cannot rename a non-active experiment."), await SendAsync(server, "experiments/update", new { experiment_id = id, new_name = "e3" }));
        Assert.Equal((400, $"The run {run} must be in the 'active' state. Current state is deleted."), await SendAsync(server, "runs/set-tag", new { run_id = run, key = "k", value = "" }));

        Assert.Equal((200, "{}"), await SendAsync(server, "experiments/restore", new { experiment_id = id }));
        Assert.Equal((404, $"No Experiment with id={id} exists"), await SendAsync(server, "experiments/restore", new { experiment_id = id }));
        Assert.Equal(("active", "e2"), await StageAsync(server, $"experiments/get?experiment_id={id}"));
        Assert.Equal(("active", "active"), (await RunStageAsync(server, run), await RunStageAsync(server, deletedBefore)));
        var (_, got) = await server.MlflowAsync(HttpMethod.Get, $"experiments/get?experiment_id={id}");
        Assert.Equal("""[{"key":"a b$","value":"v"},{"key":"k","value":""}]""", got["experiment"]!["tags"]!.ToJsonString());
        Assert.Equal((200, "{}"), await SendAsync(server, "experiments/delete-experiment-tag", new { experiment_id = id, key = "k" }));
        Assert.Equal((404, $"No tag with name: k in experiment with id {id}"), await SendAsync(server, "experiments/delete-experiment-tag", new { experiment_id = id, key = "k" }));
    }

    [Theory, EachDatabase]
    public async Task Names_are_unique_deleted_experiments_included_and_of_two_at_once_one_is_told(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => server.MlflowAsync(HttpMethod.Post, "experiments/create", new { name = "same" })));
        Assert.Single(answers, a => a.Status == 200);
        Assert.All(answers.Where(a => a.Status != 200), a => Assert.Equal((400, "RESOURCE_ALREADY_EXISTS"), (a.Status, a.Body["error_code"]!.GetValue<string>())));
        var id = answers.Single(a => a.Status == 200).Body["experiment_id"]!.GetValue<string>();
        await SendAsync(server, "experiments/delete", new { experiment_id = id });
        Assert.Equal((400, "Experiment(name=same) already exists."), await SendAsync(server, "experiments/create", new { name = "same" }));
        var other = await NewAsync(server, """{"name": "Same"}""");
        var (status, error) = await server.MlflowAsync(HttpMethod.Post, "experiments/update", new { experiment_id = other, new_name = "same" });
        Assert.Equal((400, "BAD_REQUEST"), (status, error["error_code"]!.GetValue<string>()));
        Assert.Equal((200, "{}"), await SendAsync(server, "experiments/update", new { experiment_id = other, new_name = "Same" }));
    }

    [Theory]
    [InlineData("s3://bucket/x?version=1", "s3://bucket/x?version=1", "s3://bucket/x/{0}/artifacts?version=1")]
    [InlineData("file:///data/e", "file:///data/e", "file:///data/e/{0}/artifacts")]
    [InlineData("/data/e/", "/data/e/", "/data/e/{0}/artifacts")]
    [InlineData("relative/e", "{cwd}/relative/e", "{cwd}/relative/e/{0}/artifacts")]
    public async Task A_location_is_kept_and_runs_get_a_place_below_its_path(string given, string kept, string ofRun)
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        var id = await NewAsync(server, $$"""{"name": "e", "artifact_location": "{{given}}"}""");
        var (_, got) = await server.MlflowAsync(HttpMethod.Get, $"experiments/get?experiment_id={id}");
        Assert.Equal(kept.Replace("{cwd}", Environment.CurrentDirectory), got["experiment"]!["artifact_location"]!.GetValue<string>());
        var (_, run) = await server.MlflowAsync(HttpMethod.Post, "runs/create", new { experiment_id = id });
        var runId = run["run"]!["info"]!["run_id"]!.GetValue<string>();
        Assert.Equal(string.Format(null, ofRun.Replace("{cwd}", Environment.CurrentDirectory), runId), run["run"]!["info"]!["artifact_uri"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("experiments/create", """{"name": "e", "artifact_location": "s3://b/x#f"}""", "'artifact_location' URL can't include fragments or params.")]
    [InlineData("experiments/create", """{"name": "e", "artifact_location": "s3://b/x;p=1"}""", "'artifact_location' URL can't include fragments or params.")]
    [InlineData("experiments/create", """{"name": "e", "artifact_location": "s3://b/x?p=/../y"}""", "Invalid query string")]
    [InlineData("experiments/create", """{"name": "e", "tags": [{"key": "a", "value": "1"}, {"key": "a", "value": "2"}]}""", "stands twice")]
    [InlineData("experiments/create", """{"name": ""}""", "Missing value for required parameter 'name'.")]
    [InlineData("experiments/set-experiment-tag", """{"experiment_id": 1, "key": "k", "value": "v"}""", "Invalid value 1 for parameter 'experiment_id' supplied:  Hint: Value was of type 'int'.")]
    [InlineData("experiments/delete", """{"experiment_id": "abc"}""", "Invalid experiment ID 'abc'. Experiment ID must be a valid integer.")]
    public async Task What_does_not_fit_is_refused(string route, string body, string message)
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        var (status, said) = await SendAsync(server, route, body);
        Assert.Equal(400, status);
        Assert.Contains(message, said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lengths_hold_at_their_bound()
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        var (status, _) = await SendAsync(server, "experiments/create", new { name = new string('n', 500) });
        Assert.Equal(200, status);
        Assert.Equal((400, "'name' exceeds the maximum length of 500 characters"), await SendAsync(server, "experiments/create", new { name = new string('n', 501) }));
        Assert.Equal(
            (400, "'artifact_location' exceeds the maximum length of 2048 characters"),
            await SendAsync(server, "experiments/create", new { name = "e", artifact_location = "s3://" + new string('n', 2044) }));
        Assert.Equal((200, "{}"), await SendAsync(server, "experiments/set-experiment-tag", new { experiment_id = "0", key = new string('k', 250), value = new string('v', 5000) }));
        Assert.Equal(
            (400, "'value' exceeds the maximum length of 5000 characters"),
            await SendAsync(server, "experiments/set-experiment-tag", new { experiment_id = "0", key = "k", value = new string('v', 5001) }));
        Assert.Equal(
            (400, "'key' exceeds the maximum length of 250 characters"),
            await SendAsync(server, "experiments/set-experiment-tag", new { experiment_id = "0", key = new string('k', 251), value = "" }));
    }

    private static async Task<(int Status, string Said)> SendAsync(TestServer server, string route, object body)
    {
        var (status, answer) = await server.MlflowAsync(HttpMethod.Post, route, body);
        return (status, status == 200 ? answer.ToJsonString() : answer["message"]!.GetValue<string>());
    }

    private static async Task<string> NewAsync(TestServer server, string body)
    {
        var (status, answer) = await server.MlflowAsync(HttpMethod.Post, "experiments/create", body);
        Assert.Equal(200, status);
        return answer["experiment_id"]!.GetValue<string>();
    }

    private static async Task<string> RunInAsync(TestServer server, string experiment)
    {
        var (_, run) = await server.MlflowAsync(HttpMethod.Post, "runs/create", new { experiment_id = experiment });
        return run["run"]!["info"]!["run_id"]!.GetValue<string>();
    }

    private static async Task<(string Stage, string Name)> StageAsync(TestServer server, string route)
    {
        var (_, got) = await server.MlflowAsync(HttpMethod.Get, route);
        return (got["experiment"]!["lifecycle_stage"]!.GetValue<string>(), got["experiment"]!["name"]!.GetValue<string>());
    }

    private static async Task<string> RunStageAsync(TestServer server, string run)
    {
        var (_, got) = await server.MlflowAsync(HttpMethod.Get, $"runs/get?run_id={run}");
        return got["run"]!["info"]!["lifecycle_stage"]!.GetValue<string>();
    }
}
