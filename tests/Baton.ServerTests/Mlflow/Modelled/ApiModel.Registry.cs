using System.Globalization;
using System.Text.Json.Nodes;

namespace Baton.ServerTests.Mlflow.Modelled;

internal sealed partial class ApiModel
{
    private readonly Dictionary<string, ModelOfVersions> _models = [];

    /// <summary>Names that models had: the last number under each, and the model that took it along.</summary>
    private readonly Dictionary<string, (int Last, string? Holder)> _former = [];

    private ApiAnswer Registry(ApiCall call)
    {
        if (call.Route == "registered-models/create")
            return Register(call["name"], call["description"]);
        if (call.Route == "model-versions/transition-stage" && Archives(call) && call["stage"] is not ("Staging" or "Production"))
            return ApiAnswer.Invalid;
        if (!_models.TryGetValue(call["name"], out var model))
            return ApiAnswer.Missing;
        var version = int.TryParse(call["version"], CultureInfo.InvariantCulture, out var number) ? model.Versions.GetValueOrDefault(number) : null;
        return call.Route switch
        {
            "registered-models/get" => ApiAnswer.Ok(new JsonObject { ["registered_model"] = Json(call["name"], true) }),
            "registered-models/delete" => Delete(call["name"]),
            "registered-models/rename" => Rename(call["name"], call["new_name"]),
            "registered-models/set-tag" => Do(() => model.Tags[call["key"]] = call["value"]),
            "registered-models/delete-tag" => Do(() => model.Tags.Remove(call["key"])),
            "registered-models/get-latest-versions" => ApiAnswer.Ok(new JsonObject { ["model_versions"] = Latest(call["name"], model, true) }),
            "registered-models/alias" when call.Verb == "DELETE" => Do(() => model.Aliases.Remove(call["alias"])),
            "registered-models/alias" when call.Verb == "GET" => model.Aliases.TryGetValue(call["alias"], out var at) ? Version(call["name"], at) : ApiAnswer.Invalid,
            "registered-models/alias" => version is null ? ApiAnswer.Missing : Do(() => model.Aliases[call["alias"]] = number),
            "model-versions/create" => CreateVersion(call["name"], model, call["description"]),
            _ when version is null => ApiAnswer.Missing,
            "model-versions/get" => Version(call["name"], number),
            "model-versions/delete" => DeleteVersion(model, number),
            "model-versions/set-tag" => Do(() => version.Tags[call["key"]] = call["value"]),
            "model-versions/transition-stage" => Move(call, model, version, number),
            _ => throw new InvalidOperationException($"The model does not know {call.Route}."),
        };
    }

    private ApiAnswer Register(string name, string description)
    {
        if (!_models.TryAdd(name, new ModelOfVersions { Description = description }))
            return ApiAnswer.Exists;
        // Numbers go on where an earlier model of the name stopped.
        if (_former.TryGetValue(name, out var former))
        {
            _models[name].Last = former.Last;
            _former[name] = (former.Last, null);
        }

        return ApiAnswer.Ok(new JsonObject { ["registered_model"] = Json(name, false) });
    }

    private ApiAnswer Delete(string name)
    {
        Leave(name, null);
        _models.Remove(name);
        return ApiAnswer.Done;
    }

    private ApiAnswer Rename(string name, string to)
    {
        if (to == name)
            return ApiAnswer.Ok(new JsonObject { ["registered_model"] = Json(to, true) });
        if (_models.ContainsKey(to))
            return ApiAnswer.Exists;
        var former = _former.TryGetValue(to, out var left) && left.Holder != name ? left.Last : 0;
        var model = _models[name];
        if (former > 0 && model.Last > 0)
            return ApiAnswer.Conflict;
        Leave(name, to);
        model.Last = Math.Max(former, model.Last);
        _former.Remove(to);
        _models.Remove(name);
        _models[to] = model;
        return ApiAnswer.Ok(new JsonObject { ["registered_model"] = Json(to, true) });
    }

    private void Leave(string name, string? holder)
    {
        foreach (var held in _former.Where(f => f.Value.Holder == name).Select(f => f.Key).ToList())
            _former[held] = (_former[held].Last, holder);
        _former[name] = (_models[name].Last, holder);
    }

    private static ApiAnswer DeleteVersion(ModelOfVersions model, int number)
    {
        model.Versions.Remove(number);
        foreach (var alias in model.Aliases.Where(a => a.Value == number).Select(a => a.Key).ToList())
            model.Aliases.Remove(alias);
        return ApiAnswer.Done;
    }

    private ApiAnswer CreateVersion(string name, ModelOfVersions model, string description)
    {
        model.Versions[++model.Last] = new ModelVersionOf { Description = description };
        return Version(name, model.Last);
    }

    private ApiAnswer Move(ApiCall call, ModelOfVersions model, ModelVersionOf version, int number)
    {
        foreach (var other in model.Versions.Values.Where(v => Archives(call) && v != version && v.Stage == call["stage"]))
            other.Stage = "Archived";

        version.Stage = call["stage"];
        return Version(call["name"], number);
    }

    private static bool Archives(ApiCall call) => call.Arguments["archive_existing_versions"]!.GetValue<bool>();

    private ApiAnswer Version(string name, int number) => ApiAnswer.Ok(new JsonObject { ["model_version"] = Json(name, _models[name], number, true) });

    private JsonObject Json(string name, bool whole)
    {
        var model = _models[name];
        var json = new JsonObject { ["name"] = name, ["description"] = model.Description, ["tags"] = ModelRun.Pairs(model.Tags) };
        if (whole)
        {
            json["aliases"] = new JsonArray([.. model.Aliases.Select(a => new JsonObject { ["alias"] = a.Key, ["version"] = $"{a.Value}" })]);
            json["latest_versions"] = Latest(name, model, false);
        }

        return json;
    }

    private static JsonArray Latest(string name, ModelOfVersions model, bool aliases) =>
        new([.. model.Versions.GroupBy(v => v.Value.Stage).Select(stage => stage.Max(v => v.Key)).Order().Select(number => Json(name, model, number, aliases))]);

    private static JsonObject Json(string name, ModelOfVersions model, int number, bool aliases)
    {
        var version = model.Versions[number];
        var json = new JsonObject
        {
            ["name"] = name,
            ["version"] = $"{number}",
            ["current_stage"] = version.Stage,
            ["description"] = version.Description,
            ["status"] = "READY",
            ["tags"] = ModelRun.Pairs(version.Tags),
        };
        if (aliases)
            json["aliases"] = new JsonArray([.. model.Aliases.Where(a => a.Value == number).Select(a => a.Key).Order(StringComparer.Ordinal).Select(a => JsonValue.Create(a))]);
        return json;
    }

    private sealed class ModelOfVersions
    {
        public string Description { get; init; } = "";

        public int Last { get; set; }

        public Dictionary<string, string> Tags { get; } = [];

        public Dictionary<string, int> Aliases { get; } = [];

        public SortedDictionary<int, ModelVersionOf> Versions { get; } = [];
    }

    private sealed class ModelVersionOf
    {
        public string Stage { get; set; } = "None";

        public string Description { get; init; } = "";

        public Dictionary<string, string> Tags { get; } = [];
    }
}
