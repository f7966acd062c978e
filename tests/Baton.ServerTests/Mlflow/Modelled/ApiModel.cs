using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Baton.ServerTests.Mlflow.Modelled;

/// <summary>MLflow's API in memory: what the documentation says, in the fewest lines.</summary>
internal sealed partial class ApiModel
{
    private readonly List<ModelExperiment> _experiments = [];
    private readonly List<ModelRun> _runs = [];

    public ApiAnswer Answer(ApiCall call) => call.Route switch
    {
        "experiments/create" => CreateExperiment(call["name"]),
        "experiments/get" => Experiment(call) is { } e ? ApiAnswer.Ok(new JsonObject { ["experiment"] = e.Json() }) : ApiAnswer.Missing,
        "experiments/delete" => Experiment(call) is { Deleted: false } e ? DeleteExperiment(e, true) : ApiAnswer.Missing,
        "experiments/restore" => Experiment(call) is { Deleted: true } e ? DeleteExperiment(e, false) : ApiAnswer.Missing,
        "experiments/set-experiment-tag" => Experiment(call) is not { } e ? ApiAnswer.Missing : e.Deleted ? ApiAnswer.Invalid : Do(() => e.Tags[call["key"]] = call["value"]),
        "runs/create" => Experiment(call) is not { } e ? ApiAnswer.Missing : e.Deleted ? ApiAnswer.Invalid : CreateRun(e, call),
        "runs/get" => Run(call) is { } r ? ApiAnswer.Ok(new JsonObject { ["run"] = r.Json() }) : ApiAnswer.Missing,
        "runs/delete" => Run(call) is { } r ? Do(() => r.Deleted = true) : ApiAnswer.Missing,
        "runs/restore" => Run(call) is { } r ? Do(() => r.Deleted = false) : ApiAnswer.Missing,
        "runs/search" => Search(call),
        "metrics/get-history" => History(call),
        "runs/update" => Write(call, r => Update(r, call)),
        "runs/log-metric" => Write(call, r => Do(() => r.Log(call["key"], Point(call.Arguments)))),
        "runs/log-parameter" => Write(call, r => Param(r, call["key"], call["value"])),
        "runs/set-tag" => Write(call, r => Do(() => r.Tag(call["key"], call["value"]))),
        "runs/delete-tag" => Write(call, r => r.Tags.Remove(call["key"]) ? ApiAnswer.Done : ApiAnswer.Missing),
        "runs/log-batch" => Batch(call),
        _ => Registry(call),
    };

    private ModelExperiment? Experiment(ApiCall call) => _experiments.Find(e => e.Id == call["experiment_id"]);

    private ModelRun? Run(ApiCall call) => _runs.Find(r => r.Id == call["run_id"]);

    private ApiAnswer CreateExperiment(string name)
    {
        if (_experiments.Exists(e => e.Name == name))
            return ApiAnswer.Exists;
        var experiment = new ModelExperiment($"{900_000 + _experiments.Count}", name);
        _experiments.Add(experiment);
        return ApiAnswer.Ok(new JsonObject { ["experiment_id"] = experiment.Id });
    }

    private ApiAnswer DeleteExperiment(ModelExperiment experiment, bool deleted)
    {
        experiment.Deleted = deleted;
        foreach (var run in _runs.Where(r => r.Experiment == experiment))
            run.Deleted = deleted;
        return ApiAnswer.Done;
    }

    private ApiAnswer CreateRun(ModelExperiment experiment, ApiCall call)
    {
        var run = new ModelRun($"run{_runs.Count}", experiment, call["run_name"], TestServer.Int(call.Arguments["start_time"]));
        _runs.Add(run);
        return ApiAnswer.Ok(new JsonObject { ["run"] = run.Json() });
    }

    private ApiAnswer Write(ApiCall call, Func<ModelRun, ApiAnswer> write) => Run(call) switch
    {
        null => ApiAnswer.Missing,
        { Deleted: true } => ApiAnswer.Invalid,
        var run => write(run),
    };

    private static ApiAnswer Param(ModelRun run, string key, string value)
    {
        if (run.Params.TryGetValue(key, out var old) && old != value)
            return ApiAnswer.Invalid;
        run.Params[key] = value;
        return ApiAnswer.Done;
    }

    private ApiAnswer Batch(ApiCall call)
    {
        var pairs = Pairs(call, "params");
        if (pairs.DistinctBy(p => p.Key).Count() < pairs.Count)
            return ApiAnswer.Invalid;
        return Write(call, run =>
        {
            if (pairs.Exists(p => run.Params.TryGetValue(p.Key, out var old) && old != p.Value))
                return ApiAnswer.Invalid;
            pairs.ForEach(p => run.Params[p.Key] = p.Value);
            foreach (var metric in call.Arguments["metrics"]!.AsArray())
                run.Log(metric!["key"]!.GetValue<string>(), Point(metric.AsObject()));
            Pairs(call, "tags").ForEach(t => run.Tag(t.Key, t.Value));
            return ApiAnswer.Done;
        });
    }

    private static ApiAnswer Update(ModelRun run, ApiCall call)
    {
        run.Status = call["status"] is { Length: > 0 } status ? status : run.Status;
        run.End = call.Arguments["end_time"] is { } end ? TestServer.Int(end) : run.End;
        if (call["run_name"] is { Length: > 0 } name)
            run.Tag("mlflow.runName", name);
        return ApiAnswer.Ok(new JsonObject { ["run_info"] = run.Info() });
    }

    private ApiAnswer History(ApiCall call)
    {
        var points = Run(call)?.Points.GetValueOrDefault(call["metric_key"]) ?? [];
        return ApiAnswer.Ok(new JsonObject
        {
            ["metrics"] = new JsonArray([.. points.OrderBy(p => p.Time).ThenBy(p => p.Step).ThenBy(p => p.Order).ThenBy(p => double.IsNaN(p.Value)).Select(p => p.Json(call["metric_key"]))]),
        });
    }

    /// <summary>All pages of a search, one after the other.</summary>
    private ApiAnswer Search(ApiCall call)
    {
        var experiments = call.Arguments["experiment_ids"]!.AsArray().Select(id => id!.GetValue<string>()).ToHashSet();
        var found = _runs.Where(r => experiments.Contains(r.Experiment.Id)
            && (call["run_view_type"] is "ALL" || r.Deleted == call["run_view_type"] is "DELETED_ONLY")
            && call.Filter?.Matches(r) is not false);
        var order = call.Arguments["order_by"]?[0]?.GetValue<string>().Split(' ') ?? [];
        var sorted = found.OrderBy(_ => 0);
        if (order is [var field, var direction])
        {
            var down = direction == "DESC";
            var key = field[(field.IndexOf('.') + 1)..].Trim('`');
            if (field.StartsWith("metrics.", StringComparison.Ordinal))
            {
                sorted = sorted.ThenBy(r => !r.Latest.TryGetValue(key, out var p) ? 2 : double.IsNaN(p.Value) ? 1 : 0);
                sorted = By(sorted, r => r.Latest.TryGetValue(key, out var p) && !double.IsNaN(p.Value) ? p.Value : 0, Comparer<double>.Default, down);
            }
            else if (field.StartsWith("attributes.", StringComparison.Ordinal))
            {
                sorted = By(sorted, r => r.Start, Comparer<long>.Default, down);
            }
            else
            {
                IReadOnlyDictionary<string, string> Of(ModelRun r) => field.StartsWith("params.", StringComparison.Ordinal) ? r.Params : r.Tags;
                sorted = sorted.ThenBy(r => Of(r).ContainsKey(key) ? 0 : 1);
                sorted = By(sorted, r => Of(r).GetValueOrDefault(key) ?? "", StringComparer.Ordinal, down);
            }
        }

        return ApiAnswer.Ok(new JsonObject { ["runs"] = new JsonArray([.. sorted.ThenByDescending(r => r.Start).Select(r => r.Json())]) });
    }

    private static IOrderedEnumerable<ModelRun> By<T>(IOrderedEnumerable<ModelRun> runs, Func<ModelRun, T> key, IComparer<T> comparer, bool down) =>
        down ? runs.ThenByDescending(key, comparer) : runs.ThenBy(key, comparer);

    private static ModelPoint Point(JsonObject arguments)
    {
        var value = arguments["value"]!;
        var number = double.Parse(value.GetValueKind() is JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString(), CultureInfo.InvariantCulture);
        return new ModelPoint(double.IsNaN(number) ? number : Math.Clamp(number, -double.MaxValue, double.MaxValue), TestServer.Int(arguments["timestamp"]), TestServer.Int(arguments["step"]));
    }

    private static List<(string Key, string Value)> Pairs(ApiCall call, string name) =>
        [.. call.Arguments[name]!.AsArray().Select(p => (p!["key"]!.GetValue<string>(), p["value"]!.GetValue<string>()))];

    private static ApiAnswer Do(Action change)
    {
        change();
        return ApiAnswer.Done;
    }
}
