using System.Text.Json.Nodes;

namespace Baton.ServerTests.Mlflow.Modelled;

/// <summary>A server that is told the same sequence as the model: it learns the names the sequence has for ids, and its answers are spelled with them.</summary>
internal sealed class LiveApi(World world)
{
    private readonly Dictionary<string, string> _ids = [];
    private int _runs;
    private int _experiments;

    public async Task<ApiAnswer> AnswerAsync(ApiCall call)
    {
        var arguments = Named(call.Arguments, _ids)!.AsObject();
        if (arguments["source"] is not null)
            arguments["source"] = $"s3://bucket/{call["name"].Length}";
        if (call.Route == "runs/search")
            return await AllPagesAsync(arguments);
        var answer = await SendAsync(call, arguments);
        if (answer.Status != 200)
            return new ApiAnswer(answer.Status, answer.Code!);
        if (call.Route == "runs/create")
            _ids[$"run{_runs++}"] = answer.Json["run"]!["info"]!["run_id"]!.GetValue<string>();
        if (call.Route == "experiments/create")
            _ids[$"{900_000 + _experiments++}"] = answer.Json["experiment_id"]!.GetValue<string>();
        return Spelled(answer.Json, call);
    }

    private Task<Answer> SendAsync(ApiCall call, JsonObject arguments) => call.Verb == "GET"
        ? world.AskAsync("GET", $"{call.Route}?{string.Join('&', arguments.Select(a => $"{a.Key}={Uri.EscapeDataString(a.Value!.GetValue<string>())}"))}", null)
        : world.AskAsync(call.Verb, call.Route, arguments.ToJsonString());

    private async Task<ApiAnswer> AllPagesAsync(JsonObject arguments)
    {
        var runs = new JsonArray();
        for (var pages = 0; pages < 20; pages++)
        {
            var answer = await world.AskAsync("POST", "runs/search", arguments.ToJsonString());
            if (answer.Status != 200)
                return new ApiAnswer(answer.Status, answer.Code!);
            foreach (var run in answer.Json["runs"]?.AsArray() ?? [])
                runs.Add(run!.DeepClone());
            if (answer.Json["next_page_token"] is not { } token)
                return Spelled(new JsonObject { ["runs"] = runs }, null);
            arguments["page_token"] = token.DeepClone();
        }

        return new ApiAnswer(200, "pages without end");
    }

    private ApiAnswer Spelled(JsonNode answer, ApiCall? call)
    {
        var named = Named(answer, _ids.ToDictionary(p => p.Value, p => p.Key))!;
        // MLflow promises no order of these.
        foreach (var list in new[] { named["registered_model"]?["latest_versions"], call?.Route == "registered-models/get-latest-versions" ? named["model_versions"] : null })
        {
            if (list is not JsonArray versions)
                continue;
            var sorted = versions.OrderBy(v => int.Parse(v!["version"]!.GetValue<string>(), System.Globalization.CultureInfo.InvariantCulture)).Select(v => v!.DeepClone()).ToArray();
            versions.Clear();
            foreach (var version in sorted)
                versions.Add(version);
        }

        return ApiAnswer.Ok(named);
    }

    /// <summary>A copy in which ids have other names; a version's or model's number is no experiment.</summary>
    private static JsonNode? Named(JsonNode? node, IReadOnlyDictionary<string, string> names, string field = "") => node switch
    {
        JsonObject fields => new JsonObject(fields.Select(f => KeyValuePair.Create(f.Key, Named(f.Value, names, f.Key)))),
        JsonArray items => new JsonArray([.. items.Select(item => Named(item, names, field))]),
        JsonValue value when field is "run_id" or "experiment_id" or "experiment_ids" && value.TryGetValue(out string? text) => JsonValue.Create(names.GetValueOrDefault(text, text)),
        _ => node?.DeepClone(),
    };
}
