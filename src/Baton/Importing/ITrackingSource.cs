using Baton.Client;

namespace Baton.Importing;

/// <summary>What another tracker has kept. Everything is read when it is asked for, a piece at a time.</summary>
internal interface ITrackingSource
{
    IEnumerable<SourceExperiment> Experiments();

    IEnumerable<SourceRun> Runs(SourceExperiment experiment);

    IEnumerable<SourceLoggedModel> LoggedModels(SourceExperiment experiment);

    IEnumerable<SourceModel> Models();

    /// <summary>How much there is of what has no place in Baton.</summary>
    IEnumerable<(string Kind, long Count)> Strangers();
}

/// <summary>An experiment of a source.</summary>
/// <param name="Content">The experiment, its artifact location as it is there.</param>
/// <param name="Folder">Its folder, in a file store.</param>
internal sealed record SourceExperiment(ImportedExperiment Content, string Folder);

/// <summary>A run of a source.</summary>
/// <param name="Content">The run; the experiment is the source's.</param>
/// <param name="ArtifactUri">Where its files are, as it says.</param>
/// <param name="PointsDigest">Changes when its points do.</param>
internal sealed record SourceRun(ImportedRun Content, string ArtifactUri, string PointsDigest)
{
    /// <summary>Its folder, in a file store.</summary>
    public string? Folder { get; init; }

    /// <summary>Its points, read when enumerated.</summary>
    public IEnumerable<SourcePoint> Points { get; init; } = [];

    /// <summary>Told when all points are safe on the server.</summary>
    public Action PointsTaken { get; init; } = () => { };

    /// <summary>Whether, once read, no point was left for the next time.</summary>
    public Func<bool> ArePointsWhole { get; init; } = () => true;
}

/// <summary>A point of a metric; time in milliseconds.</summary>
internal readonly record struct SourcePoint(string Key, long At, long Step, double Value);

/// <summary>A logged model of a source.</summary>
/// <param name="Content">The model; the experiment is the source's.</param>
/// <param name="ArtifactUri">Where its files are, as it says.</param>
internal sealed record SourceLoggedModel(ImportedLoggedModel Content, string ArtifactUri)
{
    /// <summary>Its folder, in a file store.</summary>
    public string? Folder { get; init; }
}

/// <summary>A registered model of a source.</summary>
/// <param name="Content">The model.</param>
/// <param name="Versions">Its versions, lowest first.</param>
/// <param name="Dangling">Aliases that point to no version.</param>
internal sealed record SourceModel(ImportedModel Content, IReadOnlyList<ImportedVersion> Versions, IReadOnlyList<string> Dangling);
