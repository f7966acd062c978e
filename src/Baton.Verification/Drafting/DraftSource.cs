using Baton.Contracts;

namespace Baton.Verification.Drafting;

/// <summary>What claims are drafted from.</summary>
public sealed record DraftSource
{
    /// <summary>Name of the registered model.</summary>
    public required string Model { get; init; }

    /// <summary>The version's number, where it has been registered.</summary>
    public string? Version { get; init; }

    /// <summary>The run that made it, where it was tracked.</summary>
    public string? RunId { get; init; }

    /// <summary>
    /// Folder of the package: an <c>MLmodel</c> with what it names, or a single <c>.onnx</c> file. All its files belong to the package, save the
    /// reference predictions, <c>claims.json</c> and <c>contract.yaml</c>.
    /// </summary>
    public required string PackageDirectory { get; init; }

    /// <summary>
    /// File of inputs with the outputs that the training framework gave, and the truth: Parquet, CSV, JSON Lines, MLflow's <c>log_table</c> JSON or NPY; null
    /// where there is none.
    /// </summary>
    public string? ReferencePredictionsFile { get; init; }

    /// <summary>Where a file that is not Parquet is converted to; rows without ids are numbered from 0. It replaces what is there.</summary>
    public string? ConvertedFile { get; init; }

    /// <summary>How the claims name that file: beside the claims, or in the artifacts of the run. <value>its file name.</value></summary>
    public string? ReferencePath { get; init; }

    /// <summary><c>validation</c> or <c>test</c>.</summary>
    public string Split { get; init; } = "test";

    /// <summary>Which column of the reference predictions is what. <value>guessed by name.</value></summary>
    public ColumnChoice? Columns { get; init; }

    /// <summary>Metrics as the author reports them; none are made up.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = new Dictionary<string, double>();

    /// <summary>The code that built the model, where known.</summary>
    public CodeClaim? Code { get; init; }

    /// <summary>What it was trained with, as <see cref="Claims.Environment"/>; null: read from the package's environment files.</summary>
    public IReadOnlyDictionary<string, string>? Environment { get; init; }

    /// <summary>Random seed of the training, where known.</summary>
    public string? Seed { get; init; }

    /// <summary>SPDX id of the licence, where known.</summary>
    public string? Licence { get; init; }

    /// <summary>The model that it was made from, where known.</summary>
    public string? BaseModel { get; init; }

    /// <summary>Training, validation and test data.</summary>
    public IReadOnlyList<DatasetClaim> Datasets { get; init; } = [];
}
