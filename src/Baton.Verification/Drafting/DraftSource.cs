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

    /// <summary>Parquet file of inputs with the outputs that the training framework gave, and the truth; null where there is none.</summary>
    public string? ReferencePredictionsFile { get; init; }

    /// <summary>How the claims name that file: beside the claims, or in the artifacts of the run. <value>its file name.</value></summary>
    public string? ReferencePath { get; init; }

    /// <summary><c>validation</c> or <c>test</c>.</summary>
    public string Split { get; init; } = "test";

    /// <summary>Which column of the reference predictions is what. <value>guessed by name.</value></summary>
    public ReferenceColumns? Columns { get; init; }

    /// <summary>Metrics as the author reports them; none are made up.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = new Dictionary<string, double>();

    /// <summary>The code that built the model, where known.</summary>
    public CodeClaim? Code { get; init; }

    /// <summary>Training, validation and test data.</summary>
    public IReadOnlyList<DatasetClaim> Datasets { get; init; } = [];
}
