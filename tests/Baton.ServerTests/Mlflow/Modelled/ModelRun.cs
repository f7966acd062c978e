using System.Text.Json.Nodes;

namespace Baton.ServerTests.Mlflow.Modelled;

/// <summary>A point of a metric.</summary>
internal readonly record struct ModelPoint(double Value, long Time, long Step)
{
    /// <summary>NaN takes part in orders with the value 0.</summary>
    public double Order => double.IsNaN(Value) ? 0 : Value;

    public JsonObject Json(string key) => new()
    {
        ["key"] = key,
        ["value"] = double.IsNaN(Value) ? "NaN" : Value,
        ["timestamp"] = Time,
        ["step"] = Step,
    };
}

/// <summary>An experiment as the model keeps it.</summary>
internal sealed class ModelExperiment(string id, string name)
{
    public string Id { get; } = id;

    public string Name { get; set; } = name;

    public bool Deleted { get; set; }

    public Dictionary<string, string> Tags { get; } = [];

    public JsonObject Json() => new()
    {
        ["experiment_id"] = Id,
        ["name"] = Name,
        ["lifecycle_stage"] = Deleted ? "deleted" : "active",
        ["tags"] = ModelRun.Pairs(Tags),
    };
}

/// <summary>A run as the model keeps it.</summary>
internal sealed class ModelRun(string id, ModelExperiment experiment, string name, long start)
{
    public string Id { get; } = id;

    public ModelExperiment Experiment { get; } = experiment;

    public string Name { get; set; } = name;

    public long Start { get; } = start;

    public long? End { get; set; }

    public string Status { get; set; } = "RUNNING";

    public bool Deleted { get; set; }

    public Dictionary<string, string> Params { get; } = [];

    public Dictionary<string, string> Tags { get; } = new() { ["mlflow.runName"] = name };

    public Dictionary<string, List<ModelPoint>> Points { get; } = [];

    public Dictionary<string, ModelPoint> Latest { get; } = [];

    public void Log(string key, ModelPoint point)
    {
        if (!Points.TryGetValue(key, out var points))
            Points[key] = points = [];
        if (points.Any(p => p.Time == point.Time && p.Step == point.Step && p.Value.Equals(point.Value)))
            return;
        points.Add(point);
        if (!Latest.TryGetValue(key, out var latest) || (point.Step, point.Time, point.Order).CompareTo((latest.Step, latest.Time, latest.Order)) > 0)
            Latest[key] = point;
    }

    public void Tag(string key, string value)
    {
        Tags[key] = value;
        if (key == "mlflow.runName")
            Name = value;
    }

    public JsonObject Info()
    {
        var info = new JsonObject
        {
            ["run_id"] = Id,
            ["experiment_id"] = Experiment.Id,
            ["run_name"] = Name,
            ["status"] = Status,
            ["start_time"] = Start,
            ["lifecycle_stage"] = Deleted ? "deleted" : "active",
        };
        if (End is { } end)
            info["end_time"] = end;
        return info;
    }

    public JsonObject Json() => new()
    {
        ["info"] = Info(),
        ["data"] = new JsonObject
        {
            ["metrics"] = new JsonArray([.. Latest.Select(l => l.Value.Json(l.Key))]),
            ["params"] = Pairs(Params),
            ["tags"] = Pairs(Tags),
        },
    };

    public static JsonArray Pairs(IReadOnlyDictionary<string, string> pairs) => new([.. pairs.Select(p => new JsonObject { ["key"] = p.Key, ["value"] = p.Value })]);
}
