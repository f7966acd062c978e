namespace Baton.Client;

/// <summary>An experiment, as MLflow means it.</summary>
/// <param name="ExperimentId">Integer, as text.</param>
/// <param name="Name">Name.</param>
/// <param name="ArtifactLocation">Root of its artifacts.</param>
/// <param name="LifecycleStage"><c>active</c> or <c>deleted</c>.</param>
public sealed record Experiment(string ExperimentId, string Name, string ArtifactLocation, string LifecycleStage);

/// <summary>A run, as MLflow means it.</summary>
/// <param name="Info">What it is.</param>
/// <param name="Data">What was logged.</param>
/// <param name="Inputs">What went in.</param>
public sealed record Run(RunInfo Info, RunData? Data, RunInputs? Inputs);

/// <summary>What a run is. Times are milliseconds since 1970, UTC.</summary>
public sealed record RunInfo
{
    /// <summary>Id: 32 hex digits.</summary>
    public required string RunId { get; init; }

    /// <summary>Name.</summary>
    public string RunName { get; init; } = "";

    /// <summary>Experiment.</summary>
    public required string ExperimentId { get; init; }

    /// <summary><c>RUNNING</c>, <c>SCHEDULED</c>, <c>FINISHED</c>, <c>FAILED</c> or <c>KILLED</c>.</summary>
    public required string Status { get; init; }

    /// <summary>Begin.</summary>
    public long? StartTime { get; init; }

    /// <summary>End; null while it runs.</summary>
    public long? EndTime { get; init; }

    /// <summary>Root of its artifacts.</summary>
    public required string ArtifactUri { get; init; }
}

/// <summary>What was logged: the latest value of each metric, params, tags.</summary>
public sealed record RunData(IReadOnlyList<Metric>? Metrics, IReadOnlyList<KeyValue>? Params, IReadOnlyList<KeyValue>? Tags);

/// <summary>What went into a run.</summary>
public sealed record RunInputs(IReadOnlyList<DatasetInput>? DatasetInputs);

/// <summary>A metric's value at a step.</summary>
/// <param name="Key">Name.</param>
/// <param name="Value">Value.</param>
/// <param name="Timestamp">Milliseconds since 1970, UTC.</param>
/// <param name="Step">Step.</param>
public sealed record Metric(string Key, double Value, long Timestamp, long Step = 0);

/// <summary>A param or a tag.</summary>
public sealed record KeyValue(string Key, string Value);

/// <summary>A dataset of a run, with tags such as <c>mlflow.data.context</c> and <c>baton.sha256</c>.</summary>
public sealed record DatasetInput(Dataset Dataset, IReadOnlyList<KeyValue> Tags);

/// <summary>A dataset.</summary>
public sealed record Dataset
{
    /// <summary>Name.</summary>
    public required string Name { get; init; }

    /// <summary>MLflow's digest, at most 36 characters; the full one is the input's tag <c>baton.sha256</c>.</summary>
    public required string Digest { get; init; }

    /// <summary>Kind of source, e.g. <c>local</c>.</summary>
    public required string SourceType { get; init; }

    /// <summary>Source, JSON by convention.</summary>
    public required string Source { get; init; }

    /// <summary>Columns, JSON by convention.</summary>
    public string? Schema { get; init; }

    /// <summary>Size, JSON by convention.</summary>
    public string? Profile { get; init; }
}
