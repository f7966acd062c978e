using System.Globalization;
using Baton.Server.Platform.Http;

namespace Baton.Server.Runs;

/// <summary>A run as MLflow's clients read it.</summary>
internal sealed record MlflowRun(MlflowRunHead Info, MlflowRunLogs Data, MlflowRunInputs Inputs)
{
    public static MlflowRun Of(Run run) => new(
        MlflowRunHead.Of(run),
        new MlflowRunLogs(
            run.Metrics.Select(m => new MlflowMetric(m.Key, m.Number, m.At / 1000, m.Step)).ToList().OrNothing(),
            MlflowPair.Of(run.Params),
            MlflowPair.Of(run.Tags)),
        new MlflowRunInputs(run.Inputs.Select(i => new MlflowDatasetInput(
            MlflowPair.Of(i.Tags),
            new MlflowDataset(i.Name, i.Digest, i.SourceType, i.Source, i.SchemaJson, i.Profile))).ToList().OrNothing()));
}

internal sealed record MlflowRunHead(
    string RunUuid, string ExperimentId, string RunName, string UserId, string Status, long StartTime, long? EndTime, string ArtifactUri, string LifecycleStage, string RunId)
{
    public static MlflowRunHead Of(Run run) => new(
        run.RunId,
        run.ExperimentId.ToString(CultureInfo.InvariantCulture),
        run.Name,
        run.UserId,
        run.Status,
        run.StartedAt / 1000,
        run.EndedAt / 1000,
        run.ArtifactUri,
        run.LifecycleStage,
        run.RunId);
}

internal sealed record MlflowRunLogs(IReadOnlyList<MlflowMetric>? Metrics, IReadOnlyList<MlflowPair>? Params, IReadOnlyList<MlflowPair>? Tags);

internal sealed record MlflowMetric(string Key, double Value, long Timestamp, long Step);

internal sealed record MlflowRunInputs(IReadOnlyList<MlflowDatasetInput>? DatasetInputs);

internal sealed record MlflowDatasetInput(IReadOnlyList<MlflowPair>? Tags, MlflowDataset Dataset);

internal sealed record MlflowDataset(string Name, string Digest, string SourceType, string Source, string? Schema, string? Profile);
