using Baton.Client;
using Baton.Contracts;
using Baton.Serving.Models;

namespace Baton.Serving.Node;

/// <summary>Makes a wish of the control plane a version that can be loaded: its files on this disk, checked.</summary>
internal sealed class Preparation(PackageCache packages)
{
    private const string ReferenceName = "reference.parquet";

    /// <summary>Digests in the cache that a wish hangs on.</summary>
    public static IEnumerable<string> DigestsOf(DesiredEndpoint wish) =>
        ReferenceOf(wish) is { } reference ? [wish.PackageDigest, reference.Digest] : [wish.PackageDigest];

    /// <summary>Prepares a version.</summary>
    /// <exception cref="InvalidDataException">The package cannot be served; the message says why.</exception>
    public async Task<ServedVersion> PrepareAsync(DesiredEndpoint wish, CancellationToken cancellation)
    {
        var modelFile = ModelFileOf(wish);
        var folder = await packages.GetAsync(wish.PackageDigest, wish.Package, cancellation);
        return new ServedVersion
        {
            Project = wish.Project,
            Endpoint = wish.Endpoint,
            Arm = wish.Arm,
            Model = wish.Model,
            Version = wish.Version,
            PackageDigest = wish.PackageDigest,
            PackageDirectory = folder,
            ModelFile = modelFile,
            Verified = wish.Verified,
            ScoreOutput = wish.Claims?.Interface.Score,
            PredictionOutput = wish.Claims?.Interface.Prediction,
            ReferenceFile = await ReferenceAsync(wish, cancellation),
            Logging = new LoggingPolicy(wish.Logging.Sample, wish.Logging.Redact),
        };
    }

    private static string ModelFileOf(DesiredEndpoint wish)
    {
        var paths = wish.Package.Files.Select(f => f.Path).ToList();
        if (wish.Claims is { } claims)
        {
            return paths.Contains(claims.Framework.ModelFile)
                ? claims.Framework.ModelFile
                : throw new InvalidDataException($"The claims call {claims.Framework.ModelFile} the model, which the package does not have; it has {string.Join(", ", paths.Take(10))}.");
        }

        var models = paths.Where(path => path.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase)).ToList();
        return models.Count == 1
            ? models[0]
            : throw new InvalidDataException(
                $"Version {wish.Version} of {wish.Model} has no claims, and its package has {(models.Count == 0 ? "no ONNX file" : $"{models.Count} ONNX files")}, so that the "
                + $"model file is not known; it has {string.Join(", ", paths.Take(10))}. Hand the version over with `baton handoff submit`.");
    }

    /// <summary>The reference predictions warm a model up; a model is served without them rather than not at all.</summary>
    private async Task<string?> ReferenceAsync(DesiredEndpoint wish, CancellationToken cancellation)
    {
        if (ReferenceOf(wish) is not { } reference)
            return null;
        try
        {
            return Path.Combine(await packages.GetAsync(reference.Digest, reference, cancellation), ReferenceName);
        }
        catch (Exception e) when (e is ServerUnreachableException or BatonApiException or DigestMismatchException or InvalidDataException)
        {
            return null;
        }
    }

    /// <summary>The reference predictions as a package of one file; null where there are none.</summary>
    private static Manifest? ReferenceOf(DesiredEndpoint wish) =>
        wish.Claims?.ReferencePredictions is { } reference ? new Manifest([new ManifestFile(ReferenceName, reference.Sha256, 0)]) : null;
}
