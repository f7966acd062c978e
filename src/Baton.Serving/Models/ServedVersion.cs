namespace Baton.Serving.Models;

/// <summary>A sealed version behind an endpoint: what to load, and under which name it answers.</summary>
public sealed record ServedVersion
{
    /// <summary>Project of the endpoint.</summary>
    public required string Project { get; init; }

    /// <summary>Name that clients call: <c>/v2/models/{endpoint}</c>.</summary>
    public required string Endpoint { get; init; }

    /// <summary>Its part of the endpoint's traffic. <value><c>champion</c> by default.</value></summary>
    public string Arm { get; init; } = "champion";

    /// <summary>Name of the registered model.</summary>
    public required string Model { get; init; }

    /// <summary>Its version, which <c>/versions/{v}</c> pins.</summary>
    public required string Version { get; init; }

    /// <summary>Digest of the sealed package.</summary>
    public required string PackageDigest { get; init; }

    /// <summary>Folder that holds the package's files, already checked against their digests.</summary>
    public required string PackageDirectory { get; init; }

    /// <summary>Path of the model file in the folder, e.g. <c>model.onnx</c>.</summary>
    public required string ModelFile { get; init; }

    /// <summary>Whether a verdict stands behind it: it then runs in the node's own process, otherwise in a worker process.</summary>
    public required bool Verified { get; init; }

    /// <summary>Output that is the score, e.g. <c>probabilities[1]</c>; null where none is named.</summary>
    public string? ScoreOutput { get; init; }

    /// <summary>Output that is the prediction, e.g. <c>label</c>; null where none is named.</summary>
    public string? PredictionOutput { get; init; }

    /// <summary>Path of the reference predictions, whose rows warm the model up; null where there are none.</summary>
    public string? ReferenceFile { get; init; }

    /// <summary>What of its predictions is logged. <value>Everything by default.</value></summary>
    public LoggingPolicy Logging { get; init; } = LoggingPolicy.Everything;

    /// <summary>Path of the model file.</summary>
    public string ModelPath => Path.Combine(PackageDirectory, ModelFile);

    /// <summary>Whether the other names the same model loaded the same way, so that what is loaded can go on serving.</summary>
    internal bool LoadsLike(ServedVersion other) =>
        (Project, Endpoint, Model, Version, PackageDigest, PackageDirectory, ModelFile, Verified)
        == (other.Project, other.Endpoint, other.Model, other.Version, other.PackageDigest, other.PackageDirectory, other.ModelFile, other.Verified);
}
