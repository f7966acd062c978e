namespace Baton.Client;

/// <summary>What was imported.</summary>
/// <param name="Id">Its id at the source.</param>
/// <param name="Digest">Digest of its content there, when it was imported.</param>
/// <param name="Target">What became of it: an experiment's id, a run's artifact root, a version's number.</param>
public sealed record ImportMark(string Id, string Digest, string Target = "");

/// <summary>An experiment as it is at the source. Times are milliseconds since 1970, UTC.</summary>
/// <param name="ExperimentId">Id there; kept where it is free.</param>
/// <param name="Name">Name: an experiment of that name is the same experiment.</param>
/// <param name="LifecycleStage"><c>active</c> or <c>deleted</c>.</param>
/// <param name="CreationTime">When it was made.</param>
/// <param name="LastUpdateTime">When it was last changed.</param>
/// <param name="ArtifactLocation">A store that clients reach themselves; null for Baton's own.</param>
/// <param name="Tags">Tags.</param>
public sealed record ImportedExperiment(
    long ExperimentId,
    string Name,
    string LifecycleStage,
    long? CreationTime,
    long? LastUpdateTime,
    string? ArtifactLocation,
    IReadOnlyDictionary<string, string> Tags);

/// <summary>An experiment where it is now.</summary>
/// <param name="ExperimentId">Id here.</param>
/// <param name="ArtifactLocation">Root of its artifacts.</param>
public sealed record AdoptedExperiment(long ExperimentId, string ArtifactLocation);

/// <summary>A run as it is at the source. Times are milliseconds since 1970, UTC.</summary>
public sealed record ImportedRun
{
    /// <summary>Id, kept.</summary>
    public required string RunId { get; init; }

    /// <summary>Its experiment here.</summary>
    public required long ExperimentId { get; init; }

    /// <summary>Name.</summary>
    public string Name { get; init; } = "";

    /// <summary>Whose it is.</summary>
    public string UserId { get; init; } = "";

    /// <summary>MLflow's word for its status.</summary>
    public string Status { get; init; } = "RUNNING";

    /// <summary>Begin.</summary>
    public long StartTime { get; init; }

    /// <summary>End.</summary>
    public long? EndTime { get; init; }

    /// <summary>When it was deleted.</summary>
    public long? DeletedTime { get; init; }

    /// <summary><c>active</c> or <c>deleted</c>.</summary>
    public string LifecycleStage { get; init; } = "active";

    /// <summary>Artifact root in a store that clients reach themselves; null for Baton's own.</summary>
    public string? ArtifactUri { get; init; }

    /// <summary>Params.</summary>
    public IReadOnlyDictionary<string, string> Params { get; init; } = new Dictionary<string, string>();

    /// <summary>Tags.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>Datasets it read.</summary>
    public IReadOnlyList<ImportedDataset> Datasets { get; init; } = [];

    /// <summary>Ids of logged models it read.</summary>
    public IReadOnlyList<string> ModelInputs { get; init; } = [];

    /// <summary>Logged models it made.</summary>
    public IReadOnlyList<ImportedOutput> ModelOutputs { get; init; } = [];
}

/// <summary>A dataset that a run read.</summary>
/// <param name="Name">Name.</param>
/// <param name="Digest">MLflow's digest.</param>
/// <param name="SourceType">Kind of source.</param>
/// <param name="Source">Source, JSON by convention.</param>
/// <param name="Schema">Columns, JSON by convention.</param>
/// <param name="Profile">Size, JSON by convention.</param>
/// <param name="Tags">Tags of this reading.</param>
public sealed record ImportedDataset(
    string Name, string Digest, string SourceType, string Source, string? Schema, string? Profile, IReadOnlyDictionary<string, string> Tags);

/// <summary>A logged model that a run made.</summary>
/// <param name="ModelId">Its id.</param>
/// <param name="Step">At which step.</param>
public sealed record ImportedOutput(string ModelId, long Step);

/// <summary>Points of one metric of one run, by column. Times are milliseconds since 1970, UTC.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Key">The metric.</param>
/// <param name="At">Times.</param>
/// <param name="Step">Steps.</param>
/// <param name="Value">Values; NaN and infinities too.</param>
public sealed record ImportedSeries(string RunId, string Key, IReadOnlyList<long> At, IReadOnlyList<long> Step, IReadOnlyList<double> Value);

/// <summary>A logged model as it is at the source. Times are milliseconds since 1970, UTC.</summary>
public sealed record ImportedLoggedModel
{
    /// <summary>Id, kept.</summary>
    public required string ModelId { get; init; }

    /// <summary>Its experiment here.</summary>
    public required long ExperimentId { get; init; }

    /// <summary>Name.</summary>
    public string Name { get; init; } = "";

    /// <summary>What its client called its kind.</summary>
    public string ModelType { get; init; } = "";

    /// <summary>The run that made it.</summary>
    public string SourceRunId { get; init; } = "";

    /// <summary>MLflow's number of its status: 1 pending, 2 ready, 3 upload failed.</summary>
    public int Status { get; init; }

    /// <summary><c>active</c> or <c>deleted</c>.</summary>
    public string LifecycleStage { get; init; } = "active";

    /// <summary>When it was made.</summary>
    public long CreationTime { get; init; }

    /// <summary>When it was last changed.</summary>
    public long LastUpdateTime { get; init; }

    /// <summary>Artifact root in a store that clients reach themselves; null for Baton's own.</summary>
    public string? ArtifactUri { get; init; }

    /// <summary>Params.</summary>
    public IReadOnlyDictionary<string, string> Params { get; init; } = new Dictionary<string, string>();

    /// <summary>Tags.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>Points of its metrics.</summary>
    public IReadOnlyList<ImportedModelPoint> Metrics { get; init; } = [];
}

/// <summary>A point of a logged model's metric.</summary>
/// <param name="Key">The metric.</param>
/// <param name="Value">Value.</param>
/// <param name="Timestamp">Milliseconds since 1970, UTC.</param>
/// <param name="Step">Step.</param>
/// <param name="RunId">The run that logged it.</param>
/// <param name="DatasetName">What it was measured on.</param>
/// <param name="DatasetDigest">The dataset's digest.</param>
public sealed record ImportedModelPoint(string Key, double Value, long Timestamp, long Step, string RunId, string? DatasetName, string? DatasetDigest);

/// <summary>A registered model as it is at the source. Times are milliseconds since 1970, UTC.</summary>
/// <param name="Name">Name: a model of that name is the same model.</param>
/// <param name="Description">What it is.</param>
/// <param name="CreationTime">When it was made.</param>
/// <param name="LastUpdateTime">When it was last changed.</param>
/// <param name="LastVersion">The highest number ever used.</param>
/// <param name="Tags">Tags.</param>
public sealed record ImportedModel(
    string Name, string? Description, long CreationTime, long LastUpdateTime, long LastVersion, IReadOnlyDictionary<string, string> Tags);

/// <summary>A version as it is at the source. Times are milliseconds since 1970, UTC.</summary>
public sealed record ImportedVersion
{
    /// <summary>Registered model.</summary>
    public required string Name { get; init; }

    /// <summary>Number; kept where it is free.</summary>
    public required long Version { get; init; }

    /// <summary>What it is.</summary>
    public string? Description { get; init; }

    /// <summary>Where it was registered from.</summary>
    public string Location { get; init; } = "";

    /// <summary>Where its files are at the source.</summary>
    public string? StorageLocation { get; init; }

    /// <summary>Artifact root, here, of its files; null where they were not brought.</summary>
    public string? Package { get; init; }

    /// <summary>Run that made it.</summary>
    public string? RunId { get; init; }

    /// <summary>Link to that run.</summary>
    public string? RunLink { get; init; }

    /// <summary>Logged model that it was made from.</summary>
    public string? ModelId { get; init; }

    /// <summary>Who registered it.</summary>
    public string? UserId { get; init; }

    /// <summary>MLflow's stage.</summary>
    public string Stage { get; init; } = "None";

    /// <summary>When it was made.</summary>
    public long CreationTime { get; init; }

    /// <summary>When it was last changed.</summary>
    public long LastUpdateTime { get; init; }

    /// <summary>Tags.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>Names that point to it.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];
}

/// <summary>A version where it is now.</summary>
/// <param name="Version">Its number here.</param>
/// <param name="Package">Digest of its sealed package; null for an unsealed version.</param>
/// <param name="StageKept">Whether its stage was taken over; not where a contract is in force.</param>
/// <param name="AliasesStanding">Aliases that point to another version here and stay.</param>
public sealed record AdoptedVersion(long Version, string? Package, bool StageKept, IReadOnlyList<string> AliasesStanding);
