using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Baton.Database;
using Baton.Testing;
using Xunit;

namespace Baton.ServerTests;

/// <summary>Histories of metrics as MLflow's clients and pages read them.</summary>
public sealed class HistoryTests
{
    [Theory, EachDatabase]
    public async Task A_history_is_by_time_step_and_value_and_comes_whole_or_in_pages(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var run = await server.NewRunAsync();
        await LogAsync(server, run, (9, 1, "0.5"), (5, 2, "1"), (5, 2, "-1"), (5, -3, "4"), (5, 2, "\"NaN\""), (9, 0, "7"), (5, 2, "1"), (9, 0, "\"-Infinity\""));
        string[] all = ["5/-3/4", "5/2/-1", "5/2/\"NaN\"", "5/2/1", "9/0/-1.7976931348623157E+308", "9/0/7", "9/1/0.5"];
        Assert.Equal(all, Points(await HistoryAsync(server, $"run_id={run}&metric_key=m")));
        for (var size = 1; size <= all.Length + 1; size++)
        {
            var (collected, token, pages) = (new List<string>(), "", 0);
            do
            {
                var page = await HistoryAsync(server, $"run_id={run}&metric_key=m&max_results={size}&page_token={token}");
                var points = Points(page);
                Assert.True(points.Count <= size);
                collected.AddRange(points);
                token = page["next_page_token"]?.GetValue<string>();
                pages++;
            }
            while (token is not null);
            Assert.Equal(all, collected);
            Assert.Equal((all.Length + size - 1) / size, pages);
        }
    }

    [Theory, EachDatabase]
    public async Task Pages_go_by_key_and_not_by_number_so_that_points_that_come_in_between_shift_nothing(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var run = await server.NewRunAsync();
        await LogAsync(server, run, (10, 0, "1"), (20, 0, "2"), (30, 0, "3"), (40, 0, "4"));
        var first = await HistoryAsync(server, $"run_id={run}&metric_key=m&max_results=2");
        await LogAsync(server, run, (5, 0, "0"));
        var second = await HistoryAsync(server, $"run_id={run}&metric_key=m&max_results=2&page_token={first["next_page_token"]!.GetValue<string>()}");
        Assert.Equal(["30/0/3", "40/0/4"], Points(second));
        Assert.Null(second["next_page_token"]);
    }

    [Theory, EachDatabase]
    public async Task A_history_longer_than_a_block_is_whole(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var run = await server.NewRunAsync();
        const int Count = 9000;
        await PostAsync(server, run, Enumerable.Range(0, Count).Select(i => $$"""{"key": "m", "step": {{i}}, "time": {{1000 + (i / 3)}}, "value": {{i % 7}}}"""));
        Assert.Equal(Count, (await HistoryAsync(server, $"run_id={run}&metric_key=m"))["metrics"]!.AsArray().Select(m => TestServer.Int(m!["step"])).Distinct().Count());
        var page = await HistoryAsync(server, $"run_id={run}&metric_key=m&max_results=4096");
        Assert.Equal(4096, page["metrics"]!.AsArray().Count);
        var rest = await HistoryAsync(server, $"run_id={run}&metric_key=m&max_results=4904&page_token={page["next_page_token"]!.GetValue<string>()}");
        Assert.Equal(Count - 4096, rest["metrics"]!.AsArray().Count);
        Assert.Null(rest["next_page_token"]);
    }

    [Fact]
    public async Task What_is_not_there_is_empty_and_a_wrong_request_is_told_so()
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        var run = await server.NewRunAsync();
        await LogAsync(server, run, (1, 0, "1"), (2, 0, "2"));
        Assert.Equal("{}", (await HistoryAsync(server, $"run_id={run}&metric_key=other")).ToJsonString());
        Assert.Equal("{}", (await HistoryAsync(server, "run_id=none&metric_key=m")).ToJsonString());
        Assert.Equal("{}", (await HistoryAsync(server, $"run_id={run}&metric_key=m&max_results=0")).ToJsonString());
        var token = (await HistoryAsync(server, $"run_id={run}&metric_key=m&max_results=1"))["next_page_token"]!.GetValue<string>();
        foreach (var query in new[]
                 {
                     $"run_id={run}&metric_key=n&page_token={token}", $"run_id=other&metric_key=m&page_token={token}", $"run_id={run}&metric_key=m&page_token=x",
                     $"run_id={run}&metric_key=m&page_token=////", $"run_id={run}&metric_key=m&max_results=-1", $"run_id={run}", "metric_key=m",
                     $"run_id={run}&metric_key=m&page_token={token[..^4]}",
                 })
            Assert.Equal((query, 400), (query, (await server.MlflowAsync(HttpMethod.Get, $"metrics/get-history?{query}")).Status));
    }

    [Theory, EachDatabase]
    public async Task The_histories_of_several_runs_come_run_by_run_up_to_a_number(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var runs = new List<string> { await server.NewRunAsync(), await server.NewRunAsync(), await server.NewRunAsync() };
        foreach (var run in runs)
            await LogAsync(server, run, (2, 0, "1"), (1, 1, "\"NaN\""));
        var ids = string.Join('&', runs.Append("none").Append(runs[0]).Reverse().Select(r => $"run_id={r}"));
        var all = await AjaxAsync(server, $"metrics/get-history-bulk?{ids}&metric_key=m");
        Assert.Equal(
            runs.Order(StringComparer.Ordinal).SelectMany(r => new[] { $"1/1/\"NaN\"/{r}", $"2/0/1/{r}" }),
            all.Body["metrics"]!.AsArray().Select(m => $"{Point(m!)}/{m!["run_id"]!.GetValue<string>()}"));
        Assert.Equal(3, (await AjaxAsync(server, $"metrics/get-history-bulk?{ids}&metric_key=m&max_results=3")).Body["metrics"]!.AsArray().Count);
        Assert.Equal("{}", (await AjaxAsync(server, $"metrics/get-history-bulk?{ids}&metric_key=m&max_results=0")).Body.ToJsonString());

        var hundred = string.Join('&', Enumerable.Repeat("run_id=r", 101));
        foreach (var (query, message) in new[]
                 {
                     ("metric_key=m", "GetMetricHistoryBulk request must specify at least one run_id."),
                     ($"{hundred}&metric_key=m", "GetMetricHistoryBulk request cannot specify more than 100 run_ids. Received 101 run_ids."),
                     ("run_id=r", "GetMetricHistoryBulk request must specify a metric_key."),
                 })
        {
            var (status, error) = await AjaxAsync(server, $"metrics/get-history-bulk?{query}");
            Assert.Equal((400, message), (status, error["message"]!.GetValue<string>()));
        }

        Assert.Equal(404, (await server.MlflowAsync(HttpMethod.Get, $"metrics/get-history-bulk?{ids}&metric_key=m")).Status);
    }

    [Theory, EachDatabase]
    public async Task Steps_are_sampled_as_MLflow_samples_them(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var (a, b) = (await server.NewRunAsync(), await server.NewRunAsync());
        long[] ofA = [.. Enumerable.Range(0, 200).Select(i => (i * 37L) % 331), -5];
        long[] ofB = [.. Enumerable.Range(0, 90).Select(i => 20L + (i * 5))];
        foreach (var (run, steps) in new[] { (a, ofA), (b, ofB) })
            await PostAsync(server, run, steps.SelectMany((s, i) => new[] { (s, i, 1), (s, i, 0) }).Select(p => $$"""{"key": "m", "step": {{p.s}}, "time": {{5000 - p.i}}, "value": {{p.Item3}}}"""));
        foreach (var (window, most) in new (string, int)[] { ("", 7), ("", 320), ("", 1), ("&start_step=-10&end_step=100", 11), ("&start_step=40&end_step=40", 5) })
        {
            var (_, answer) = await server.MlflowAsync(
                HttpMethod.Get, $"metrics/get-history-bulk-interval?run_ids={b}&run_ids={a}&metric_key=m&max_results={most}{window}");
            var expected = new List<string>();
            foreach (var (run, steps) in new[] { (b, ofB), (a, ofA) })
                expected.AddRange(steps.Distinct().Where(Sampled([.. ofA, .. ofB], [ofA, ofB], window, most).Contains).Order().SelectMany(s => new[] { $"{s}/0/{run}", $"{s}/1/{run}" }));
            Assert.Equal(
                expected,
                (answer["metrics"]?.AsArray() ?? []).Select(m => $"{TestServer.Int(m!["step"])}/{TestServer.Int(m["value"])}/{m["run_id"]!.GetValue<string>()}"));
        }
    }

    [Theory]
    [InlineData("metric_key=m", "Missing value for required parameter 'run_ids'")]
    [InlineData("run_ids=r", "Missing value for required parameter 'metric_key'")]
    [InlineData("run_ids=r&metric_key=m&start_step=1", "If either start step or end step are specified, both must be specified.")]
    [InlineData("run_ids=r&metric_key=m&start_step=2&end_step=1", "end_step must be greater than start_step. Found start_step=2 and end_step=1")]
    [InlineData("run_ids=r&metric_key=m&max_results=0", "max_results must be between 1 and 2500.")]
    [InlineData("run_ids=r&metric_key=m&max_results=2501", "max_results must be between 1 and 2500.")]
    public async Task A_wrong_sample_is_told_what_is_wrong(string query, string message)
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        var (status, error) = await server.MlflowAsync(HttpMethod.Get, $"metrics/get-history-bulk-interval?{query}");
        Assert.Equal(400, status);
        Assert.Contains(message, error["message"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("{}", (await server.MlflowAsync(HttpMethod.Get, "metrics/get-history-bulk-interval?run_ids=none&metric_key=m")).Body.ToJsonString());
    }

    /// <summary>MLflow's rule, as plainly as it can be said.</summary>
    private static HashSet<long> Sampled(long[] all, long[][] ofRuns, string window, int most)
    {
        var bounds = window.Length == 0
            ? [0, all.Max()]
            : window.Split('&', '=').Where(w => long.TryParse(w, out _)).Select(w => long.Parse(w, CultureInfo.InvariantCulture)).ToArray();
        var steps = all.Distinct().Where(s => s >= bounds[0] && s <= bounds[1]).Order().ToList();
        var chosen = steps.Count <= most ? steps : [.. Enumerable.Range(0, most).Select(i => steps[(int)((long)i * steps.Count / most)]), steps[^1]];
        return [.. chosen, .. ofRuns.SelectMany(r => new[] { r.Min(), r.Max() }).Where(s => s >= bounds[0] && s <= bounds[1])];
    }

    private static async Task LogAsync(TestServer server, string run, params (long Time, long Step, string Value)[] points)
    {
        var metrics = string.Join(',', points.Select(p => $$"""{"key": "m", "timestamp": {{p.Time}}, "step": {{p.Step}}, "value": {{p.Value}}}"""));
        Assert.Equal(200, (await server.MlflowAsync(HttpMethod.Post, "runs/log-batch", $$"""{"run_id": "{{run}}", "metrics": [{{metrics}}]}""")).Status);
    }

    private static async Task PostAsync(TestServer server, string run, IEnumerable<string> points)
    {
        using var content = new StringContent($$"""{"points": [{{string.Join(',', points)}}]}""");
        using var response = await server.Http.PostAsync($"api/v1/runs/{run}/points", content);
        Assert.Equal(200, (int)response.StatusCode);
    }

    private static async Task<JsonNode> HistoryAsync(TestServer server, string query)
    {
        var (status, body) = await server.MlflowAsync(HttpMethod.Get, $"metrics/get-history?{query}");
        Assert.Equal(200, status);
        return body;
    }

    private static async Task<(int Status, JsonNode Body)> AjaxAsync(TestServer server, string route)
    {
        using var response = await server.Http.GetAsync("ajax-api/2.0/mlflow/" + route);
        return ((int)response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
    }

    private static List<string> Points(JsonNode page) => [.. (page["metrics"]?.AsArray() ?? []).Select(m => Point(m!))];

    private static string Point(JsonNode m) => $"{m["timestamp"]!.ToJsonString()}/{m["step"]!.ToJsonString()}/{m["value"]!.ToJsonString()}";
}
