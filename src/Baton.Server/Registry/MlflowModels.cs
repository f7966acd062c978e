using System.Globalization;
using Baton.Server.Platform.Http;

namespace Baton.Server.Registry;

/// <summary>A registered model as MLflow's clients read it.</summary>
internal sealed record MlflowRegisteredModel(
    string Name,
    long CreationTimestamp,
    long LastUpdatedTimestamp,
    string? Description,
    IReadOnlyList<MlflowModelVersion>? LatestVersions,
    IReadOnlyList<MlflowPair>? Tags)
{
    public static MlflowRegisteredModel Of(RegisteredModel model) => new(
        model.Name,
        model.CreatedAt / 1000,
        model.UpdatedAt / 1000,
        model.Description,
        LatestOf(model.Versions, []).OrNothing(),
        MlflowPair.Of(model.Tags));

    /// <summary>The highest version in each stage, or in each of the stages asked for.</summary>
    public static IReadOnlyList<MlflowModelVersion> LatestOf(IReadOnlyList<ModelVersion> versions, IReadOnlyCollection<string> stages) =>
    [
        .. versions.Where(v => stages.Count == 0 || stages.Contains(v.Stage, StringComparer.OrdinalIgnoreCase))
            .GroupBy(v => v.Stage)
            .Select(g => MlflowModelVersion.Of(g.MaxBy(v => v.Version)!)),
    ];
}

/// <summary>A model version as MLflow's clients read it.</summary>
internal sealed record MlflowModelVersion(
    string Name,
    string Version,
    long CreationTimestamp,
    long LastUpdatedTimestamp,
    string CurrentStage,
    string Description,
    string Source,
    string RunId,
    string Status,
    IReadOnlyList<MlflowPair>? Tags,
    string RunLink)
{
    public static MlflowModelVersion Of(ModelVersion v) => new(
        v.Name,
        v.Version.ToString(CultureInfo.InvariantCulture),
        v.CreatedAt / 1000,
        v.UpdatedAt / 1000,
        v.Stage,
        v.Description,
        v.Source,
        v.RunId,
        "READY",
        MlflowPair.Of(v.Tags),
        v.RunLink);
}
