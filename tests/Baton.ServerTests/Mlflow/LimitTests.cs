using System.Text.Json;
using Baton.Database;
using Xunit;

namespace Baton.ServerTests.Mlflow;

/// <summary>Every bound of the API: one under and at it all is well; one over it the answer says so.</summary>
public sealed class LimitTests(EngineServers servers) : IClassFixture<EngineServers>
{
    private const string Long = "exceeds the maximum length of {0} characters";

    private static readonly IReadOnlyList<Limit> Limits =
    [
        new("experiment name", 500, (_, n) => Post("experiments/create", new { name = Text(n) }), Long),
        new("experiment new name", 500, (w, n) => Post("experiments/update", new { experiment_id = w.ExperimentId, new_name = Text(n) }), Long),
        new("experiment location", 2048, (_, n) => Post("experiments/create", new { name = "e" + n, artifact_location = "s3://b/" + new string('x', n - 7) }), "2048"),
        new("experiment tag key", 250, (w, n) => Post("experiments/set-experiment-tag", new { experiment_id = w.ExperimentId, key = Key(n), value = "v" }), Long),
        new("experiment tag value", 5000, (w, n) => Post("experiments/set-experiment-tag", new { experiment_id = w.ExperimentId, key = "k", value = Text(n) }), "'value' " + Long),
        new("first tag's key of an experiment", 250, (_, n) => Post("experiments/create", new { name = "e" + n, tags = new[] { new { key = Key(n), value = "v" } } }), Long),
        new("first tag's key of a run", 250, (w, n) => Post("runs/create", new { experiment_id = w.ExperimentId, tags = new[] { new { key = Key(n), value = "v" } } }), Long),
        new("metric key", 250, (w, n) => Post("runs/log-metric", new { run_id = w.RunId, key = Key(n), value = 1, timestamp = 1 }), Long),
        new("param key", 250, (w, n) => Post("runs/log-parameter", new { run_id = w.RunId, key = Key(n), value = "v" }), Long),
        new("run tag key", 250, (w, n) => Post("runs/set-tag", new { run_id = w.RunId, key = Key(n), value = "v" }), Long),
        new("metric key in a batch", 250, (w, n) => Post("runs/log-batch", new { run_id = w.RunId, metrics = new[] { new { key = Key(n), value = 1, timestamp = 1 } } }), Long),
        new("param key in a batch", 250, (w, n) => Post("runs/log-batch", new { run_id = w.RunId, @params = new[] { new { key = Key(n), value = "v" } } }), Long),
        new("tag key in a batch", 250, (w, n) => Post("runs/log-batch", new { run_id = w.RunId, tags = new[] { new { key = Key(n), value = "v" } } }), Long),
        new("metrics in a batch", 1000, (w, n) => Post("runs/log-batch", new { run_id = w.RunId, metrics = Metrics(n) }),
            "A batch logging request can contain at most 1000 metrics. Got 1001 metrics. Please split up metrics across multiple requests and try again."),
        new("params in a batch", 100, (w, n) => Post("runs/log-batch", new { run_id = w.RunId, @params = Pairs(n) }),
            "A batch logging request can contain at most 100 params. Got 101 params. Please split up params across multiple requests and try again."),
        new("tags in a batch", 100, (w, n) => Post("runs/log-batch", new { run_id = w.RunId, tags = Pairs(n) }),
            "A batch logging request can contain at most 100 tags. Got 101 tags. Please split up tags across multiple requests and try again."),
        new("all in a batch", 1000, (w, n) => Post("runs/log-batch", new { run_id = w.RunId, metrics = Metrics(n - 200), @params = Pairs(100), tags = Pairs(100) }),
            "A batch logging request can contain at most 1000 metrics, params, and tags. Got 1001 metrics, params, and tags."),
        new("run id's length", 256, (_, n) => Post("runs/log-batch", new { run_id = new string('a', n) }), "for parameter 'run_id' supplied", 404),
        new("dataset name", 500, (w, n) => Dataset(w, name: Text(n)), Long),
        new("dataset digest", 36, (w, n) => Dataset(w, digest: Text(n)), Long),
        new("dataset source", 65535, (w, n) => Dataset(w, source: Text(n)), Long),
        new("dataset schema", 1048575, (w, n) => Dataset(w, schema: Text(n)), Long),
        new("dataset profile", 16777215, (w, n) => Dataset(w, profile: Text(n)), Long),
        new("input tag key", 255, (w, n) => Dataset(w, key: Text(n)), Long),
        new("input tag value", 500, (w, n) => Dataset(w, value: Text(n)), Long),
        new("model tag key", 250, (_, n) => Post("registered-models/set-tag", new { name = World.Model, key = Key(n), value = "v" }), Long),
        new("model tag value", 100_000, (_, n) => Post("registered-models/set-tag", new { name = World.Model, key = "k", value = Text(n) }), Long),
        new("version tag key", 250, (_, n) => Post("model-versions/set-tag", new { name = World.Model, version = "1", key = Key(n), value = "v" }), Long),
        new("version tag value", 100_000, (_, n) => Post("model-versions/set-tag", new { name = World.Model, version = "1", key = "k", value = Text(n) }), Long),
        new("alias", 255, (_, n) => Post("registered-models/alias", new { name = World.Model, alias = Key(n), version = "1" }), "Registered model alias name' " + Long),
        new("experiments/search max_results", 50_000, (_, n) => Post("experiments/search", new { max_results = n }), "max_results"),
        new("runs/search max_results", 50_000, (w, n) => Post("runs/search", new { experiment_ids = new[] { w.ExperimentId }, max_results = n }), "max_results"),
        new("registered-models/search max_results", 1000, (_, n) => ("GET", $"registered-models/search?max_results={n}", null), "max_results"),
        new("model-versions/search max_results", 200_000, (_, n) => ("GET", $"model-versions/search?max_results={n}", null), "max_results"),
        new("interval max_results", 2500, (w, n) => ("GET", $"metrics/get-history-bulk-interval?run_ids={w.RunId}&metric_key=loss&max_results={n}", null), "max_results must be between 1 and 2500."),
        new("interval runs", 100, (w, n) => ("GET", $"metrics/get-history-bulk-interval?metric_key=loss{Runs("run_ids", w, n)}", null),
            "GetMetricHistoryBulkInterval request must specify at most 100 run_ids. Received 101 run_ids."),
        new("bulk runs", 100, (w, n) => ("GET", $"/ajax-api/2.0/mlflow/metrics/get-history-bulk?metric_key=loss{Runs("run_id", w, n)}", null), "cannot specify more than 100 run_ids. Received 101 run_ids."),
        new("datasets' experiments", 20, (w, n) => ("POST", "/ajax-api/2.0/mlflow/experiments/search-datasets", JsonSerializer.Serialize(new { experiment_ids = Enumerable.Repeat(w.ExperimentId, n) })),
            "SearchDatasets request cannot specify more than 20 experiment_ids. Received 21 experiment_ids."),
        new("upload-artifact", 10 * 1024 * 1024, (w, n) => ("POST", $"/ajax-api/2.0/mlflow/upload-artifact?run_uuid={w.RunId}&path=a.bin", new string('x', n)), "Artifact size is too large. Max size is 10MB."),
    ];

    public static TheoryData<string, Engine> Names()
    {
        var data = new TheoryData<string, Engine>();
        foreach (var limit in Limits)
        {
            data.Add(limit.Name, Engine.Sqlite);
            data.Add(limit.Name, Engine.Postgres);
        }

        return data;
    }

    [Theory, MemberData(nameof(Names))]
    public async Task A_bound_holds(string name, Engine engine)
    {
        var limit = Limits.Single(l => l.Name == name);
        var world = await World.SeededAsync(servers[engine]);
        foreach (var size in (int[])[limit.Bound - 1, limit.Bound])
        {
            var (verb, route, body) = limit.Request(world, size);
            var answer = await world.AskAsync(verb, route, body);
            Assert.True(answer.Status == limit.Within, $"{limit.Name} of {size}: {answer}");
        }

        var before = await world.SnapshotAsync();
        var (overVerb, overRoute, overBody) = limit.Request(world, limit.Bound + 1);
        var over = await world.AskAsync(overVerb, overRoute, overBody);
        Assert.True((over.Status, over.Code) == (400, "INVALID_PARAMETER_VALUE"), $"{limit.Name} of {limit.Bound + 1}: {over}");
        Assert.Contains(string.Format(System.Globalization.CultureInfo.InvariantCulture, limit.Message, limit.Bound), over.Message, StringComparison.Ordinal);
        Assert.Equal(before, await world.SnapshotAsync());
    }

    [Theory]
    [InlineData("runs/log-parameter", "params", 6000, Engine.Sqlite)]
    [InlineData("runs/log-parameter", "params", 6000, Engine.Postgres)]
    [InlineData("runs/set-tag", "tags", 8000, Engine.Sqlite)]
    [InlineData("runs/set-tag", "tags", 8000, Engine.Postgres)]
    public async Task A_long_value_of_a_run_is_cut_and_kept(string route, string kind, int bound, Engine engine)
    {
        var world = await World.SeededAsync(servers[engine]);
        foreach (var size in (int[])[bound - 1, bound, bound + 1])
        {
            var run = await world.NewRunAsync("r");
            await world.DoneAsync(route, new { run_id = run, key = "one", value = Text(size) });
            await world.DoneAsync("runs/log-batch", kind == "params"
                ? new { run_id = run, @params = new[] { new { key = "two", value = Text(size) } } }
                : new { run_id = run, tags = new[] { new { key = "two", value = Text(size) } } });
            var pairs = (await world.ReadAsync($"runs/get?run_id={run}"))["run"]!["data"]![kind]!.AsArray().ToDictionary(p => p!["key"]!.GetValue<string>(), p => p!["value"]!.GetValue<string>());
            Assert.Equal((Text(Math.Min(size, bound)), Text(Math.Min(size, bound))), (pairs["one"], pairs["two"]));
        }
    }

    [Theory]
    [InlineData("POST", "experiments/search", """{"max_results":0}""")]
    [InlineData("POST", "experiments/search", """{"max_results":-1}""")]
    [InlineData("POST", "runs/search", """{"experiment_ids":["0"],"max_results":0}""")]
    [InlineData("POST", "runs/search", """{"experiment_ids":["0"],"max_results":-1}""")]
    [InlineData("GET", "registered-models/search?max_results=-1", null)]
    [InlineData("GET", "model-versions/search?max_results=0", null)]
    [InlineData("GET", "model-versions/search?max_results=-1", null)]
    [InlineData("GET", "metrics/get-history-bulk-interval?run_ids=x&metric_key=m&max_results=0", null)]
    [InlineData("POST", "experiments/create", """{"name":""}""")]
    [InlineData("POST", "runs/log-metric", """{"run_id":"x","key":"","value":1,"timestamp":1}""")]
    public async Task Nothing_where_something_must_be_is_refused(string verb, string route, string? body)
    {
        foreach (var engine in (Engine[])[Engine.Sqlite, Engine.Postgres])
        {
            var answer = await World.Empty(servers[engine]).AskAsync(verb, route, body);
            Assert.True((answer.Status, answer.Code) == (400, "INVALID_PARAMETER_VALUE"), $"{engine}: {answer}");
        }
    }

    /// <summary>Code points, each of two UTF-16 units and four bytes of UTF-8; plain letters where that would make the body too long.</summary>
    private static string Text(int length) => length > 200_000 ? new string('x', length) : string.Concat(Enumerable.Repeat("🧪", length));

    /// <summary>Letters that names may hold, two bytes each.</summary>
    private static string Key(int length) => new('é', length);

    private static (string, string, string?) Post(string route, object body) => ("POST", route, JsonSerializer.Serialize(body));

    private static IEnumerable<object> Metrics(int count) => Enumerable.Range(0, count).Select(i => new { key = $"k{i}", value = i, timestamp = 1 });

    private static IEnumerable<object> Pairs(int count) => Enumerable.Range(0, count).Select(i => new { key = $"k{i}", value = "v" });

    private static string Runs(string name, World world, int count) => string.Concat(Enumerable.Repeat($"&{name}={world.RunId}", count));

    private static (string, string, string?) Dataset(
        World world, string name = "n", string digest = "d", string source = "s", string schema = "{}", string profile = "{}", string key = "k", string value = "v") =>
        Post("runs/log-inputs", new { run_id = world.RunId, datasets = new[] { new { dataset = new { name, digest, source_type = "local", source, schema, profile }, tags = new[] { new { key, value } } } } });

    private sealed record Limit(string Name, int Bound, Func<World, int, (string Verb, string Route, string? Body)> Request, string Message, int Within = 200);
}
