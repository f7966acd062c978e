using System.Text.Json.Serialization;

namespace Baton.Contracts;

/// <summary>
/// What is said of one model version, written by machine at handover: facts extracted from the package, numbers its author reports, code and
/// data, files and digests, reference predictions with ground truth. JSON (<see cref="Documents"/>); bound to one package by its digests.
/// </summary>
public sealed record Claims
{
    /// <summary>Version of this document's shape.</summary>
    public int Format { get; init; } = 1;

    /// <summary>Name of the registered model.</summary>
    public required string Model { get; init; }

    /// <summary>The version's number, where it has been registered.</summary>
    public string? Version { get; init; }

    /// <summary>The run that made it, where it was tracked.</summary>
    public string? RunId { get; init; }

    /// <summary>Files of the package with their digests.</summary>
    public required Manifest Package { get; init; }

    /// <summary>What made and what runs the model.</summary>
    public required FrameworkClaim Framework { get; init; }

    /// <summary>How many values the model learned.</summary>
    public required ParameterClaim Parameters { get; init; }

    /// <summary>What goes in and what comes out.</summary>
    public required InterfaceClaim Interface { get; init; }

    /// <summary>Metrics as the author reports them, by scikit-learn's name.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = new SortedDictionary<string, double>(StringComparer.Ordinal);

    /// <summary>The code that built the model.</summary>
    public CodeClaim? Code { get; init; }

    /// <summary>What it was trained with, name to version or value: <c>python</c>, <c>scikit-learn</c>, <c>lock_file</c> (a digest); null where unknown.</summary>
    public IReadOnlyDictionary<string, string>? Environment { get; init; }

    /// <summary>Random seed of the training, where one was set and logged.</summary>
    public string? Seed { get; init; }

    /// <summary>SPDX id of the licence that the model stands under.</summary>
    public string? Licence { get; init; }

    /// <summary>The model that it was made from by fine-tuning or distilling, where there is one.</summary>
    public string? BaseModel { get; init; }

    /// <summary>Training, validation and test data.</summary>
    public IReadOnlyList<DatasetClaim> Data { get; init; } = [];

    /// <summary>Inputs with the outputs that the training framework gave, and the truth.</summary>
    public ReferencePredictions? ReferencePredictions { get; init; }
}

/// <summary>Format, framework and operator sets, as the package itself tells them.</summary>
public sealed record FrameworkClaim
{
    /// <summary>Format of the model file: <c>onnx</c>.</summary>
    public required string Format { get; init; }

    /// <summary>Path of the model file in the package.</summary>
    public required string ModelFile { get; init; }

    /// <summary>Training framework or exporter, e.g. <c>skl2onnx</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Its version; empty where the file does not tell.</summary>
    public required string Version { get; init; }

    /// <summary>Precision of its learned values: <c>fp32</c>, <c>fp16</c>, <c>bf16</c>, <c>fp64</c>, <c>int8</c>, <c>mixed</c>; null where nothing is claimed.</summary>
    public string? Precision { get; init; }

    /// <summary>ONNX IR version.</summary>
    public required long IrVersion { get; init; }

    /// <summary>Operator set versions by domain; the default domain is <c>ai.onnx</c>.</summary>
    public required IReadOnlyDictionary<string, long> Opsets { get; init; }
}

/// <summary>Learned values (DESIGN decision 10): float initialisers and constants, linear coefficients and intercepts, tree thresholds and leaf weights.</summary>
/// <param name="Total">All of them.</param>
/// <param name="ByKind">Split by kind, e.g. <c>tree_thresholds</c>.</param>
public sealed record ParameterClaim(long Total, IReadOnlyDictionary<string, long> ByKind);

/// <summary>Inputs, outputs, and which output is what.</summary>
public sealed record InterfaceClaim
{
    /// <summary>Inputs in the model's order.</summary>
    public required IReadOnlyList<TensorClaim> Inputs { get; init; }

    /// <summary>Outputs in the model's order.</summary>
    public required IReadOnlyList<TensorClaim> Outputs { get; init; }

    /// <summary>Output that is the predicted class or value, e.g. <c>label</c>.</summary>
    public string? Prediction { get; init; }

    /// <summary>Output, with column, that is the score of the positive class, e.g. <c>probabilities[1]</c>.</summary>
    public string? Score { get; init; }
}

/// <summary>One tensor of the interface.</summary>
/// <param name="Name">Name in the model file.</param>
/// <param name="Datatype">Open Inference Protocol datatype: <c>FP32</c>, <c>INT64</c>, <c>BYTES</c> …</param>
/// <param name="Shape">Dimensions; -1 where free.</param>
public sealed record TensorClaim(string Name, string Datatype, IReadOnlyList<long> Shape)
{
    /// <summary>Least value that a row of the reference predictions may have; null for no claim.</summary>
    public double? Min { get; init; }

    /// <summary>Greatest value that a row of the reference predictions may have; null for no claim.</summary>
    public double? Max { get; init; }

    /// <summary>Unit, e.g. <c>km</c>.</summary>
    public string? Unit { get; init; }

    /// <summary>Whether a value may be missing; null for no claim.</summary>
    public bool? Nullable { get; init; }

    /// <summary>The values that a text may have; null for no claim.</summary>
    public IReadOnlyList<string>? Values { get; init; }

    /// <inheritdoc />
    public override string ToString() => $"{Name} {Datatype} [{string.Join(", ", Shape)}]";
}

/// <summary>The code that built the model.</summary>
public sealed record CodeClaim
{
    /// <summary>Repository, where known.</summary>
    public string? Repository { get; init; }

    /// <summary>Git commit.</summary>
    public required string Commit { get; init; }

    /// <summary>Whether the tree had changes that are not in the commit; null where unknown.</summary>
    public bool? Dirty { get; init; }

    /// <summary>SHA-256 (<c>sha256:…</c>) of the changes that are not in the commit, where they were kept beside it.</summary>
    public string? Diff { get; init; }

    /// <summary>Program that was run.</summary>
    public string? Source { get; init; }
}

/// <summary>One dataset and its part in the making of the model.</summary>
public sealed record DatasetClaim
{
    /// <summary><c>training</c>, <c>validation</c> or <c>test</c>.</summary>
    public required string Role { get; init; }

    /// <summary>Name.</summary>
    public required string Name { get; init; }

    /// <summary>Full SHA-256 as <c>sha256:…</c>, where known (MLflow's own digest field is too short to tell).</summary>
    public string? Sha256 { get; init; }

    /// <summary>Number of rows, where known.</summary>
    public long? Rows { get; init; }

    /// <summary>Path of the data itself: beside the claims file, or in the artifacts of the run; null where only its digest is known.</summary>
    public string? Path { get; init; }
}

/// <summary>A Parquet file of inputs with the outputs that the training framework gave, and the ground truth.</summary>
public sealed record ReferencePredictions
{
    /// <summary>Path: beside the claims file, or in the artifacts of the run.</summary>
    public required string Path { get; init; }

    /// <summary>SHA-256 of the file as <c>sha256:…</c>.</summary>
    public required string Sha256 { get; init; }

    /// <summary><c>validation</c> or <c>test</c>.</summary>
    public string Split { get; init; } = "test";

    /// <summary>Number of rows.</summary>
    public required long Rows { get; init; }

    /// <summary>Which column is what.</summary>
    public required ReferenceColumns Columns { get; init; }
}

/// <summary>Columns of the reference predictions. Inputs are the columns named like the model's inputs, but for those of <see cref="Inputs"/>.</summary>
public sealed record ReferenceColumns
{
    /// <summary>Id of a row: pairs versions, names rows that differ.</summary>
    public required string Id { get; init; }

    /// <summary>Ground truth.</summary>
    public required string Label { get; init; }

    /// <summary>Predicted class or value, as the training framework gave it.</summary>
    public string? Prediction { get; init; }

    /// <summary>Score of the positive class, as the training framework gave it.</summary>
    public string? Score { get; init; }

    /// <summary>Scores of the classes in the order of <see cref="Classes"/>, as the training framework gave them; null for two classes or none.</summary>
    public IReadOnlyList<string>? Scores { get; init; }

    /// <summary>The classes that <see cref="Scores"/> are of; null for 0, 1, 2 ….</summary>
    public IReadOnlyList<string>? Classes { get; init; }

    /// <summary>Columns that fill an input of several values a row, by the input's name, in order; null where they are called <c>name[0]</c>, <c>name[1]</c> ….</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Inputs { get; init; }

    /// <summary>Weight of a row.</summary>
    public string? Weight { get; init; }

    /// <summary>Query that a row belongs to, where rows are ranked.</summary>
    public string? Query { get; init; }
}

/// <summary>Files of a package: paths in ordinal order with SHA-256 and size. Its digest names the package.</summary>
/// <param name="Files">The files; use <see cref="Of"/> to have them in order.</param>
public sealed record Manifest(IReadOnlyList<ManifestFile> Files)
{
    /// <summary>A manifest with its files in ordinal order of path.</summary>
    public static Manifest Of(IEnumerable<ManifestFile> files) => new([.. files.OrderBy(f => f.Path, StringComparer.Ordinal)]);

    /// <summary>SHA-256, as <c>sha256:…</c>, over the lines <c>{hex sha256} {size} {path}\n</c> in ordinal order of path, UTF-8.</summary>
    [JsonIgnore]
    public string Digest => Digests.Sha256(string.Concat(
        Files.OrderBy(f => f.Path, StringComparer.Ordinal).Select(f => $"{Digests.Hex(f.Sha256)} {f.Size} {f.Path}\n")));

    /// <summary>Size of all files, bytes.</summary>
    [JsonIgnore]
    public long Size => Files.Sum(f => f.Size);
}

/// <summary>One file of a package.</summary>
/// <param name="Path">Path in the package, with <c>/</c>.</param>
/// <param name="Sha256">Digest as <c>sha256:…</c>.</param>
/// <param name="Size">Bytes.</param>
public sealed record ManifestFile(string Path, string Sha256, long Size);
