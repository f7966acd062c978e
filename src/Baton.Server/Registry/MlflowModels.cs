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
    IReadOnlyList<MlflowPair>? Tags,
    IReadOnlyList<MlflowAlias>? Aliases)
{
    public static MlflowRegisteredModel Of(RegisteredModel model) => new(
        model.Name,
        model.CreatedAt / 1000,
        model.UpdatedAt / 1000,
        model.Description,
        model.Latest.Select(MlflowModelVersion.Of).ToList().OrNothing(),
        MlflowPair.Of(model.Tags),
        model.Aliases.Select(MlflowAlias.Of).ToList().OrNothing());
}

/// <summary>An alias as MLflow's clients read it.</summary>
internal sealed record MlflowAlias(string Alias, string Version)
{
    public static MlflowAlias Of(ModelAlias alias) => new(alias.Alias, alias.Version.ToString(CultureInfo.InvariantCulture));
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
    string RunLink,
    IReadOnlyList<string>? Aliases)
{
    /// <summary>Without aliases, as searches and a model's latest versions give it.</summary>
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
        v.RunLink,
        null);

    public static MlflowModelVersion WithAliases(ModelVersion v) => Of(v) with { Aliases = v.Aliases.OrNothing() };
}
