using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Xunit;

namespace Baton.ServerTests.Mlflow;

/// <summary>An answer of an MLflow route.</summary>
internal sealed record Answer(int Status, string Text, bool Replayed = false)
{
    public JsonNode Json => JsonNode.Parse(Text)!;

    public string? Code => Status == 200 ? null : Json["error_code"]?.GetValue<string>();

    public string Message => Status == 200 ? "" : Json["message"]!.GetValue<string>();

    public override string ToString() => $"{Status} {(Text.Length > 600 ? Text[..600] + " …" : Text)}";
}

/// <summary>A project of its own on a running server, with one of everything in it. Projects do not see each other, so tests share a server.</summary>
internal sealed class World
{
    public const string Model = "a model";
    public const string Experiment = "an experiment";
    private static int _projects;

    private readonly HttpClient _http;
    private readonly string _base;

    private World(HttpClient http)
    {
        _http = http;
        _base = $"p/world-{Interlocked.Increment(ref _projects)}/";
    }

    /// <summary>An active experiment.</summary>
    public string ExperimentId { get; private set; } = "";

    /// <summary>An active run of it.</summary>
    public string RunId { get; private set; } = "";

    /// <summary>A logged model of the run.</summary>
    public string ModelId { get; private set; } = "";

    public static World Empty(HttpClient http) => new(http);

    public static async Task<World> SeededAsync(HttpClient http)
    {
        var world = new World(http);
        world.ExperimentId = (await world.DoneAsync("experiments/create", new { name = Experiment, tags = new[] { new { key = "team", value = "blue" } } }))["experiment_id"]!.GetValue<string>();
        world.RunId = await world.NewRunAsync("first");
        await world.DoneAsync("runs/log-batch", new
        {
            run_id = world.RunId,
            metrics = new[] { new { key = "loss", value = 0.5, timestamp = 5, step = 1 } },
            @params = new[] { new { key = "lr", value = "0.1" } },
            tags = new[] { new { key = "note", value = "n" } },
        });
        world.ModelId = (await world.DoneAsync("logged-models", new { experiment_id = world.ExperimentId, name = "logged", source_run_id = world.RunId }))["model"]!["info"]!["model_id"]!.GetValue<string>();
        await world.UploadAsync(world.RunId, "model/MLmodel");
        await world.DoneAsync("registered-models/create", new { name = Model, tags = new[] { new { key = "team", value = "blue" } } });
        foreach (var _ in (string[])["1", "2"])
            await world.DoneAsync("model-versions/create", new { name = Model, source = $"runs:/{world.RunId}/model", run_id = world.RunId, tags = new[] { new { key = "q", value = "w" } } });
        await world.DoneAsync("registered-models/alias", new { name = Model, alias = "champion", version = "1" });
        return world;
    }

    public async Task<string> NewRunAsync(string name) =>
        (await DoneAsync("runs/create", new { experiment_id = ExperimentId, run_name = name, start_time = 1795446216889 }))["run"]!["info"]!["run_id"]!.GetValue<string>();

    /// <summary>Puts a small file into a run.</summary>
    public async Task UploadAsync(string run, string path)
    {
        var root = (await ReadAsync($"runs/get?run_id={run}"))["run"]!["info"]!["artifact_uri"]!.GetValue<string>()["mlflow-artifacts:/".Length..];
        var answer = await AskAsync("PUT", $"/api/2.0/mlflow-artifacts/artifacts/{root}/{path}", "flavors: {}");
        Assert.True(answer.Status == 200, $"{path}: {answer}");
    }

    /// <summary>POSTs what must succeed.</summary>
    public async Task<JsonNode> DoneAsync(string route, object body)
    {
        var answer = await AskAsync("POST", route, JsonSerializer.Serialize(body));
        Assert.True(answer.Status == 200, $"{route}: {answer}");
        return answer.Json;
    }

    /// <summary>GETs what must succeed.</summary>
    public async Task<JsonNode> ReadAsync(string route)
    {
        var answer = await AskAsync("GET", route, null);
        Assert.True(answer.Status == 200, $"{route}: {answer}");
        return answer.Json;
    }

    public Task<Answer> PostAsync(string route, object body) => AskAsync("POST", route, body as string ?? JsonSerializer.Serialize(body));

    /// <summary>Sends a request below <c>/api/2.0/mlflow/</c>, or below the project's root where the route begins with a slash.</summary>
    public async Task<Answer> AskAsync(string verb, string route, string? body, string? once = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(verb), _base + (route.StartsWith('/') ? route[1..] : "api/2.0/mlflow/" + route));
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse("application/json");
        }

        if (once is not null)
            request.Headers.Add("Idempotency-Key", once);
        using var response = await _http.SendAsync(request);
        return new Answer((int)response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers.Contains("Idempotency-Replayed"));
    }

    /// <summary>All that can be read of the world, without the times at which things changed.</summary>
    public async Task<string> SnapshotAsync()
    {
        var all = new JsonObject();
        var experiments = await DoneAsync("experiments/search", new { view_type = "ALL", max_results = 1000, order_by = new[] { "experiment_id ASC" } });
        all["experiments"] = experiments["experiments"]?.DeepClone();
        var ids = (experiments["experiments"] as JsonArray)?.Select(e => e!["experiment_id"]!.GetValue<string>()).ToArray() ?? [];
        var runs = await DoneAsync("runs/search", new { experiment_ids = ids, run_view_type = "ALL", order_by = new[] { "attributes.run_id ASC" } });
        var read = new JsonArray();
        foreach (var found in (runs["runs"] as JsonArray) ?? [])
        {
            var id = found!["info"]!["run_id"]!.GetValue<string>();
            var run = (await ReadAsync($"runs/get?run_id={id}"))["run"]!;
            foreach (var metric in (run["data"]!["metrics"] as JsonArray) ?? [])
                metric!["history"] = (await ReadAsync($"metrics/get-history?run_id={id}&metric_key={Uri.EscapeDataString(metric["key"]!.GetValue<string>())}"))["metrics"]?.DeepClone();
            read.Add(run.DeepClone());
        }

        all["runs"] = read;
        all["logged"] = (await DoneAsync("logged-models/search", new { experiment_ids = ids }))["models"]?.DeepClone();
        var models = await ReadAsync("registered-models/search");
        all["models"] = new JsonArray([.. await Task.WhenAll(((models["registered_models"] as JsonArray) ?? []).Select(async m =>
            (await ReadAsync($"registered-models/get?name={Uri.EscapeDataString(m!["name"]!.GetValue<string>())}")).DeepClone()))]);
        all["versions"] = (await ReadAsync("model-versions/search?order_by=name&order_by=version_number"))["model_versions"]?.DeepClone();
        Forget(all);
        return all.ToJsonString(new JsonSerializerOptions { WriteIndented = true });
    }

    private static void Forget(JsonNode? node)
    {
        if (node is JsonObject fields)
        {
            foreach (var name in fields.Select(f => f.Key).Where(name => name.StartsWith("last_update", StringComparison.Ordinal)).ToList())
                fields.Remove(name);
            foreach (var (_, value) in fields)
                Forget(value);
        }
        else if (node is JsonArray items)
        {
            foreach (var item in items)
                Forget(item);
        }
    }
}
