using System.Text.Json.Nodes;
using CsCheck;

namespace Baton.ServerTests.Mlflow.Modelled;

/// <summary>Random calls: few names and ids, so that they meet.</summary>
internal static class ApiCalls
{
    private static readonly Gen<string> Experiment = Gen.Int[0, 2].Select(i => $"{900_000 + i}");
    private static readonly Gen<string> Run = Gen.Int[0, 3].Select(i => $"run{i}");
    private static readonly Gen<string> Key = Gen.OneOf("a", "b", "c/d");
    private static readonly Gen<string> TagKey = Gen.Frequency((6, Key), (1, Gen.Const("mlflow.runName")));
    private static readonly Gen<string> Value = Gen.OneOf("1", "2", "One", "");
    private static readonly Gen<string> Model = Gen.OneOf("m", "M", "n o");
    private static readonly Gen<string> Version = Gen.Int[1, 3].Select(i => $"{i}");
    private static readonly Gen<string> Alias = Gen.OneOf("champion", "Champion", "next");
    private static readonly Gen<string> Stage = Gen.OneOf("None", "Staging", "Production", "Archived");
    private static readonly Gen<int> Number = Gen.OneOf(0, 1, 2, 3, 4, 5, 6, 7);

    private static readonly Gen<JsonObject> Metric = Gen.Select(Key, Number, Gen.Int[0, 2], Gen.Int[-1, 2], (key, value, time, step) => new JsonObject
    {
        ["key"] = key,
        ["value"] = value switch { 0 => "NaN", 1 => "Infinity", 2 => "-Infinity", 3 => -1.0, 4 => 0.0, 5 => 0.5, 6 => 2.5, _ => "0.5" },
        ["timestamp"] = time,
        ["step"] = step,
    });

    private static readonly Gen<JsonObject> Param = Gen.Select(Key, Value, Pair);
    private static readonly Gen<JsonObject> Tag = Gen.Select(TagKey, Value.Where(v => v.Length > 0), Pair);

    private static readonly Gen<ApiCall> Write = Gen.Frequency(
        (4, Gen.Select(Run, Metric, (run, metric) => Post("runs/log-metric", [("run_id", run), .. metric.Select(f => (f.Key, f.Value?.DeepClone()))]))),
        (4, Gen.Select(Run, Metric.Array[0, 4], Param.Array[0, 2], Tag.Array[0, 2], (run, metrics, pairs, tags) =>
            Post("runs/log-batch", ("run_id", run), ("metrics", Array(metrics)), ("params", Array(pairs)), ("tags", Array(tags))))),
        (2, Gen.Select(Run, Param, (run, pair) => Post("runs/log-parameter", ("run_id", run), ("key", pair["key"]), ("value", pair["value"])))),
        (2, Gen.Select(Run, Tag, (run, pair) => Post("runs/set-tag", ("run_id", run), ("key", pair["key"]), ("value", pair["value"])))),
        (1, Gen.Select(Run, TagKey, (run, key) => Post("runs/delete-tag", ("run_id", run), ("key", key)))),
        (1, Gen.Select(Run, Gen.OneOf("RUNNING", "FINISHED"), Gen.OneOf("", "s1"), (run, status, name) => Post("runs/update", ("run_id", run), ("status", status), ("end_time", 5000), ("run_name", name)))));

    private static readonly Gen<ApiCall> Lifecycle = Gen.OneOf(
        Gen.OneOf("e", "E", "f g").Select(name => Post("experiments/create", ("name", name))),
        Gen.Select(Gen.OneOf("experiments/delete", "experiments/restore"), Experiment, (route, id) => Post(route, ("experiment_id", id))),
        Gen.Select(Experiment, Key, Value, (id, key, value) => Post("experiments/set-experiment-tag", ("experiment_id", id), ("key", key), ("value", value))),
        Gen.Select(Experiment, Gen.OneOf("r1", "r2", "s1"), (id, name) => Post("runs/create", ("experiment_id", id), ("run_name", name), ("start_time", 0))),
        Gen.Select(Experiment, Gen.OneOf("r1", "r2", "s1"), (id, name) => Post("runs/create", ("experiment_id", id), ("run_name", name), ("start_time", 0))),
        Gen.Select(Gen.OneOf("runs/delete", "runs/restore"), Run, (route, run) => Post(route, ("run_id", run))));

    private static readonly Gen<ApiCall> Read = Gen.OneOf(
        Experiment.Select(id => Get("experiments/get", ("experiment_id", id))),
        Run.Select(run => Get("runs/get", ("run_id", run))),
        Gen.Select(Run, Key, (run, key) => Get("metrics/get-history", ("run_id", run), ("metric_key", key))),
        Gen.Select(
            SearchFilter.Any,
            Gen.OneOf("", "metrics.a ASC", "metrics.b DESC", "metrics.`c/d` DESC", "params.a ASC", "params.b DESC", "tags.a DESC", "attributes.start_time ASC"),
            Gen.OneOf("ACTIVE_ONLY", "ALL", "DELETED_ONLY"),
            Gen.Bool,
            (filter, order, view, filtered) => Post("runs/search", [
                ("experiment_ids", new JsonArray("900000", "900001")), ("filter", filtered ? filter.Text : ""), ("run_view_type", view), ("max_results", 2),
                .. order.Length > 0 ? new (string, JsonNode?)[] { ("order_by", new JsonArray(order)) } : []]) with
            { Filter = filtered ? filter : null }));

    private static readonly Gen<ApiCall> Registry = Gen.OneOf(
        Gen.Select(Model, Value, (name, text) => Post("registered-models/create", ("name", name), ("description", text))),
        Model.Select(name => Get("registered-models/get", ("name", name))),
        Model.Select(name => new ApiCall("DELETE", "registered-models/delete", new JsonObject { ["name"] = name })),
        Gen.Select(Model, Model, (name, to) => Post("registered-models/rename", ("name", name), ("new_name", to))),
        Gen.Select(Model, Key, Value, (name, key, value) => Post("registered-models/set-tag", ("name", name), ("key", key), ("value", value))),
        Gen.Select(Model, Key, (name, key) => new ApiCall("DELETE", "registered-models/delete-tag", new JsonObject { ["name"] = name, ["key"] = key })),
        Gen.Select(Model, Value, (name, text) => Post("model-versions/create", ("name", name), ("source", "models"), ("description", text))),
        Gen.Select(Model, Value, (name, text) => Post("model-versions/create", ("name", name), ("source", "models"), ("description", text))),
        Gen.Select(Model, Version, (name, version) => Get("model-versions/get", ("name", name), ("version", version))),
        Gen.Select(Model, Version, (name, version) => new ApiCall("DELETE", "model-versions/delete", new JsonObject { ["name"] = name, ["version"] = version })),
        Gen.Select(Model, Version, Key, Value, (name, version, key, value) => Post("model-versions/set-tag", ("name", name), ("version", version), ("key", key), ("value", value))),
        Gen.Select(Model, Version, Alias, (name, version, alias) => Post("registered-models/alias", ("name", name), ("alias", alias), ("version", version))),
        Gen.Select(Model, Alias, (name, alias) => new ApiCall("DELETE", "registered-models/alias", new JsonObject { ["name"] = name, ["alias"] = alias })),
        Gen.Select(Model, Alias, (name, alias) => Get("registered-models/alias", ("name", name), ("alias", alias))),
        Gen.Select(Model, Version, Stage, Gen.Bool, (name, version, stage, archive) =>
            Post("model-versions/transition-stage", ("name", name), ("version", version), ("stage", stage), ("archive_existing_versions", archive))),
        Model.Select(name => Get("registered-models/get-latest-versions", ("name", name))));

    /// <summary>A sequence that begins where something can happen.</summary>
    public static Gen<ApiCall[]> Sequence { get; } = Gen.Frequency((4, Write), (3, Lifecycle), (3, Read), (4, Registry)).Array[1, 40].Select(calls => (ApiCall[])
    [
        Post("experiments/create", ("name", "e")),
        Post("runs/create", ("experiment_id", "900000"), ("run_name", "r1"), ("start_time", 0)),
        Post("registered-models/create", ("name", "m")),
        .. calls,
    ]);

    private static ApiCall Post(string route, params (string Name, JsonNode? Value)[] arguments) => new("POST", route, Object(arguments));

    private static ApiCall Get(string route, params (string Name, JsonNode? Value)[] arguments) => new("GET", route, Object(arguments));

    private static JsonObject Object((string Name, JsonNode? Value)[] arguments) => new(arguments.Select(a => KeyValuePair.Create(a.Name, a.Value?.DeepClone())));

    private static JsonArray Array(JsonObject[] items) => new([.. items.Select(i => i.DeepClone())]);

    private static JsonObject Pair(string key, string value) => new() { ["key"] = key, ["value"] = value };
}
