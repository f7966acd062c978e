using Baton.Server.Platform.Ids;
using Baton.Server.Runs;
using Baton.Server.Runs.LoggedModels;

namespace Baton.Server.Imports;

/// <summary>What was imported: its id at the source, and the digest of its content there.</summary>
internal sealed record Mark(string Id, string Digest, string Target = "");

/// <summary>An experiment as it was at the source. Times are milliseconds.</summary>
internal sealed record ImportedExperiment(
    long ExperimentId,
    string Name,
    string LifecycleStage,
    long? CreationTime,
    long? LastUpdateTime,
    string? ArtifactLocation,
    IReadOnlyDictionary<string, string> Tags);

/// <summary>A dataset that a run read.</summary>
internal sealed record ImportedDataset(
    string Name, string Digest, string SourceType, string Source, string? Schema, string? Profile, IReadOnlyDictionary<string, string> Tags);

/// <summary>A logged model that a run made.</summary>
internal sealed record ImportedOutput(string ModelId, long Step);

/// <summary>A run as it was at the source, in its experiment here. Times are milliseconds.</summary>
internal sealed record ImportedRun(
    string RunId,
    long ExperimentId,
    string Name,
    string UserId,
    string Status,
    long StartTime,
    long? EndTime,
    long? DeletedTime,
    string LifecycleStage,
    string? ArtifactUri,
    IReadOnlyDictionary<string, string> Params,
    IReadOnlyDictionary<string, string> Tags,
    IReadOnlyList<ImportedDataset> Datasets,
    IReadOnlyList<string> ModelInputs,
    IReadOnlyList<ImportedOutput> ModelOutputs)
{
    public AdoptRun.Request ToRequest() => new(
        new Run
        {
            RunId = RunId,
            ExperimentId = ExperimentId,
            Name = Name,
            UserId = UserId,
            Status = Status,
            StartedAt = Instants.FromMillis(StartTime, "start_time"),
            EndedAt = EndTime is { } end ? Instants.FromMillis(end, "end_time") : null,
            ArtifactUri = ArtifactUri ?? "",
            LifecycleStage = ImportTimes.Stage(LifecycleStage),
            Params = Params,
            Tags = Tags,
            Inputs =
            [
                .. Datasets.Select(d => new DatasetInput
                {
                    Name = d.Name,
                    Digest = d.Digest,
                    SourceType = d.SourceType,
                    Source = d.Source,
                    SchemaJson = d.Schema,
                    Profile = d.Profile,
                    Tags = d.Tags,
                }),
            ],
            ModelInputs = [.. ModelInputs.Select(id => new ModelInput { RunId = RunId, ModelId = id })],
            ModelOutputs = [.. ModelOutputs.Select(o => new ModelOutput { RunId = RunId, ModelId = o.ModelId, Step = o.Step })],
        },
        DeletedTime is { } deleted ? Instants.FromMillis(deleted, "deleted_time") : null);
}

/// <summary>A logged model as it was at the source, in its experiment here. Times are milliseconds.</summary>
internal sealed record ImportedLoggedModel(
    string ModelId,
    long ExperimentId,
    string Name,
    string ModelType,
    string SourceRunId,
    int Status,
    string LifecycleStage,
    long CreationTime,
    long LastUpdateTime,
    string? ArtifactUri,
    IReadOnlyDictionary<string, string> Params,
    IReadOnlyDictionary<string, string> Tags,
    IReadOnlyList<ImportedModelPoint> Metrics)
{
    public LoggedModel ToModel() => new()
    {
        ModelId = ModelId,
        ExperimentId = ExperimentId,
        Name = Name,
        ModelType = ModelType,
        SourceRunId = SourceRunId,
        Status = Enum.IsDefined((LoggedModelStatus)Status)
            ? (LoggedModelStatus)Status
            : throw Platform.Errors.Refusal.Invalid($"'{Status}' is no status of a logged model: expected 0 to 3."),
        ArtifactUri = ArtifactUri ?? "",
        LifecycleStage = ImportTimes.Stage(LifecycleStage),
        CreatedAt = Instants.FromMillis(CreationTime, "creation_time"),
        UpdatedAt = Instants.FromMillis(LastUpdateTime, "last_update_time"),
        Params = Params,
        Tags = Tags,
        Metrics = [.. Metrics.Select(m => m.ToMetric(ModelId))],
    };
}

/// <summary>A point of a logged model's metric.</summary>
internal sealed record ImportedModelPoint(string Key, double Value, long Timestamp, long Step, string RunId, string? DatasetName, string? DatasetDigest)
{
    public LoggedModelMetric ToMetric(string modelId)
    {
        var point = MetricPoint.Of(Key, Value, Instants.FromMillis(Timestamp, "timestamp"), Step);
        return new LoggedModelMetric
        {
            ModelId = modelId,
            RunId = RunId,
            Key = Key,
            Value = point.Value,
            IsNan = point.IsNan,
            At = point.At,
            Step = Step,
            DatasetName = DatasetName,
            DatasetDigest = DatasetDigest,
        };
    }
}

/// <summary>Points of one metric of one run, by column; times are milliseconds.</summary>
internal sealed record ImportedSeries(string RunId, string Key, IReadOnlyList<long> At, IReadOnlyList<long> Step, IReadOnlyList<double> Value);

/// <summary>How an import's words become the database's.</summary>
internal static class ImportTimes
{
    public static long? Micros(long? millis, string name) => millis is { } given ? Instants.FromMillis(given, name) : null;

    public static string Stage(string given) => given is "active" or "deleted"
        ? given
        : throw Platform.Errors.Refusal.Invalid($"'{given}' is no life-cycle stage: expected active or deleted.");
}
