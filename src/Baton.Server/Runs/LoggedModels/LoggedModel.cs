namespace Baton.Server.Runs.LoggedModels;

/// <summary>A model that training code logged, before anything is registered of it.</summary>
internal sealed record LoggedModel
{
    public string ModelId { get; init; } = "";

    public long ExperimentId { get; init; }

    public string Name { get; init; } = "";

    /// <summary>What the client calls its kind; empty where it said nothing.</summary>
    public string ModelType { get; init; } = "";

    /// <summary>The run that made it; empty where there was none.</summary>
    public string SourceRunId { get; init; } = "";

    public LoggedModelStatus Status { get; init; } = LoggedModelStatus.Pending;

    public string ArtifactUri { get; init; } = "";

    /// <summary><c>active</c> or <c>deleted</c>.</summary>
    public string LifecycleStage { get; init; } = "active";

    public long CreatedAt { get; init; }

    public long UpdatedAt { get; init; }

    public IReadOnlyDictionary<string, string> Params { get; init; } = new Dictionary<string, string>();

    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>Every point logged with the model's id, by key, time and step.</summary>
    public IReadOnlyList<LoggedModelMetric> Metrics { get; init; } = [];
}

/// <summary>MLflow's numbers of a logged model's status.</summary>
internal enum LoggedModelStatus
{
    Unspecified = 0,
    Pending = 1,
    Ready = 2,
    UploadFailed = 3,
}

/// <summary>A point of a metric that a run logged about a model.</summary>
internal sealed record LoggedModelMetric
{
    public string ModelId { get; init; } = "";

    public string RunId { get; init; } = "";

    public string Key { get; init; } = "";

    public double Value { get; init; }

    public bool IsNan { get; init; }

    /// <summary>Microseconds since 1970.</summary>
    public long At { get; init; }

    public long Step { get; init; }

    public string? DatasetName { get; init; }

    public string? DatasetDigest { get; init; }

    public double Number => IsNan ? double.NaN : Value;
}
