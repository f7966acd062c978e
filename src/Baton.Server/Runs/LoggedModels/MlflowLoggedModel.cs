using System.Globalization;
using Baton.Server.Platform.Http;

namespace Baton.Server.Runs.LoggedModels;

/// <summary>A logged model as MLflow's clients read it.</summary>
internal sealed record MlflowLoggedModel(MlflowLoggedModelHead Info, MlflowLoggedModelLogs Data)
{
    public static MlflowLoggedModel Of(LoggedModel model) => new(
        new MlflowLoggedModelHead(
            model.ModelId,
            model.ExperimentId.ToString(CultureInfo.InvariantCulture),
            model.Name,
            model.CreatedAt / 1000,
            model.UpdatedAt / 1000,
            model.ArtifactUri,
            LoggedModelStatuses.NameOf(model.Status),
            model.ModelType,
            model.SourceRunId,
            MlflowPair.Of(model.Tags)),
        new MlflowLoggedModelLogs(
            MlflowPair.Of(model.Params),
            model.Metrics.Select(m => new MlflowLoggedModelMetric(
                m.Key, m.Number, m.At / 1000, m.Step, m.DatasetName, m.DatasetDigest, m.ModelId, m.RunId)).ToList().OrNothing()));
}

internal sealed record MlflowLoggedModelHead(
    string ModelId,
    string ExperimentId,
    string Name,
    long CreationTimestampMs,
    long LastUpdatedTimestampMs,
    string ArtifactUri,
    string Status,
    string ModelType,
    string SourceRunId,
    IReadOnlyList<MlflowPair>? Tags);

internal sealed record MlflowLoggedModelLogs(IReadOnlyList<MlflowPair>? Params, IReadOnlyList<MlflowLoggedModelMetric>? Metrics);

internal sealed record MlflowLoggedModelMetric(
    string Key, double Value, long Timestamp, long Step, string? DatasetName, string? DatasetDigest, string ModelId, string RunId);
