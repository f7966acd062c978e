namespace Baton.Server.Runs;

/// <summary>A namespace of runs.</summary>
internal sealed record Experiment
{
    /// <summary>The experiment that runs go to where none is named, in every project from the first.</summary>
    public const long DefaultId = 0;

    public long ExperimentId { get; init; }

    public string Name { get; init; } = "";

    public string ArtifactLocation { get; init; } = "";

    /// <summary><c>active</c> or <c>deleted</c>.</summary>
    public string LifecycleStage { get; init; } = "active";

    public bool IsActive => LifecycleStage == "active";

    public long CreatedAt { get; init; }

    public long UpdatedAt { get; init; }

    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();
}

/// <summary>One execution of training code and all it logged.</summary>
internal sealed record Run
{
    /// <summary>What its rows are kept under; of no meaning outside the database.</summary>
    public long RunNo { get; init; }

    public string RunId { get; init; } = "";

    public long ExperimentId { get; init; }

    public string Name { get; init; } = "";

    public string UserId { get; init; } = "";

    /// <summary>MLflow's status: <c>RUNNING</c>, <c>SCHEDULED</c>, <c>FINISHED</c>, <c>FAILED</c>, <c>KILLED</c>.</summary>
    public string Status { get; init; } = "RUNNING";

    public long StartedAt { get; init; }

    public long? EndedAt { get; init; }

    public string ArtifactUri { get; init; } = "";

    public string LifecycleStage { get; init; } = "active";

    public bool IsActive => LifecycleStage == "active";

    public IReadOnlyDictionary<string, string> Params { get; init; } = new Dictionary<string, string>();

    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>The latest point of each metric.</summary>
    public IReadOnlyList<MetricPoint> Metrics { get; init; } = [];

    public IReadOnlyList<DatasetInput> Inputs { get; init; } = [];

    /// <summary>The logged models it read.</summary>
    public IReadOnlyList<ModelInput> ModelInputs { get; init; } = [];

    /// <summary>The logged models it made.</summary>
    public IReadOnlyList<ModelOutput> ModelOutputs { get; init; } = [];
}

/// <summary>One point of a metric.</summary>
internal sealed record MetricPoint
{
    public string Key { get; init; } = "";

    public double Value { get; init; }

    public bool IsNan { get; init; }

    /// <summary>Microseconds since 1970.</summary>
    public long At { get; init; }

    /// <summary>The whole part of the step, rounded down.</summary>
    public long Step { get; init; }

    /// <summary>The rest of the step in millionths: 0 for all that MLflow's clients log.</summary>
    public long StepMicros { get; init; }

    public double Number => IsNan ? double.NaN : Value;

    /// <summary>NaN is a flag beside 0; infinities are clamped, as MLflow's clients expect.</summary>
    public static MetricPoint Of(string key, double value, long at, long step) => new()
    {
        Key = key,
        IsNan = double.IsNaN(value),
        Value = double.IsNaN(value) ? 0 : Math.Clamp(value, -double.MaxValue, double.MaxValue),
        At = at,
        Step = step,
    };
}

/// <summary>A dataset that a run read, with the tags of this reading (<c>mlflow.data.context</c>, <c>baton.sha256</c>).</summary>
internal sealed record DatasetInput
{
    /// <summary>The tag that says what a dataset was used for.</summary>
    public const string ContextTag = "mlflow.data.context";

    public string Name { get; init; } = "";

    public string Digest { get; init; } = "";

    public string SourceType { get; init; } = "";

    public string Source { get; init; } = "";

    public string? SchemaJson { get; init; }

    public string? Profile { get; init; }

    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>What it was used for: training, test …</summary>
    public string? Context => Tags.GetValueOrDefault(ContextTag);

    /// <summary>The full digest, where the client sent it.</summary>
    public string? Sha256 => Tags.GetValueOrDefault("baton.sha256");
}
