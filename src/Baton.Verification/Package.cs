using Baton.Contracts;
using Baton.Inference;
using Baton.Verification.Drafting;

namespace Baton.Verification;

/// <summary>A package as it lies on disk: its files with digests, and what its model file tells of itself.</summary>
internal sealed record Package
{
    // What may lie beside a model without being handed over with it.
    private static readonly string[] Beside = ["claims.json", "contract.yaml"];
    private static readonly EnumerationOptions Everything = new() { RecurseSubdirectories = true, AttributesToSkip = 0, IgnoreInaccessible = false };

    /// <summary>The files really there.</summary>
    public required Manifest Manifest { get; init; }

    /// <summary>Full path of the model file that the claims name; null where it is not in the package.</summary>
    public required string? ModelPath { get; init; }

    /// <summary>What the model file tells; null where it cannot be read.</summary>
    public required ModelDescription? Description { get; init; }

    /// <summary>Why there is no description; null where there is one.</summary>
    public required string? Fault { get; init; }

    /// <summary>Reads a package.</summary>
    /// <param name="directory">Its folder.</param>
    /// <param name="claims">What is said of it.</param>
    /// <param name="referenceFile">The reference predictions, which may lie in the folder without being of the package; null for none.</param>
    /// <param name="cancellation">Stops the reading.</param>
    public static async Task<Package> ReadAsync(string directory, Claims claims, string? referenceFile, CancellationToken cancellation)
    {
        var root = Path.GetFullPath(directory);
        var named = claims.Package.Files.Select(f => f.Path).ToHashSet(StringComparer.Ordinal);
        HashSet<string> beside = new([.. Beside, claims.ReferencePredictions?.Path ?? "", .. claims.Data.Select(d => d.Path ?? "")], StringComparer.Ordinal);
        if (referenceFile is not null)
            beside.Add(Relative(root, Path.GetFullPath(referenceFile)));
        var files = new List<ManifestFile>();
        if (Directory.Exists(root))
        {
            // A link is passed over: a package holds its files themselves, and a claimed one that is a link is missing.
            foreach (var file in new DirectoryInfo(root).EnumerateFiles("*", Everything).Where(f => f.LinkTarget is null))
            {
                var path = Relative(root, file.FullName);
                if (beside.Contains(path) && !named.Contains(path))
                    continue;
                var (digest, size) = await FileDigest.OfAsync(file.FullName, cancellation);
                files.Add(new ManifestFile(path, digest, size));
            }
        }

        var manifest = Manifest.Of(files);
        // Looked up in the manifest rather than joined to the folder: the claims cannot lead out of the package.
        var modelFile = manifest.Files.FirstOrDefault(f => f.Path == claims.Framework.ModelFile);
        var model = modelFile is null ? null : Path.Combine(root, modelFile.Path);
        var (description, fault) = Describe(model, claims.Framework.ModelFile, manifest);
        return new Package { Manifest = manifest, ModelPath = model, Description = description, Fault = fault };
    }

    private static string Relative(string root, string file) => Path.GetRelativePath(root, file).Replace('\\', '/');

    private static (ModelDescription?, string?) Describe(string? path, string claimed, Manifest manifest)
    {
        if (path is null)
        {
            var found = manifest.Files.Count == 0 ? "it is empty" : $"it has {string.Join(", ", manifest.Files.Take(10).Select(f => f.Path))}";
            return (null, $"The package has no file {claimed}, which the claims call the model; {found}.");
        }

        try
        {
            var description = OnnxFile.Describe(path);
            var folder = Path.GetDirectoryName(claimed)?.Replace('\\', '/') is { Length: > 0 } inside ? inside + "/" : "";
            // Weights are read from where the model says: a model of strangers may read nothing but its package.
            var outside = description.ExternalFiles.Where(file => manifest.Files.All(f => f.Path != folder + file)).ToList();
            return outside.Count == 0
                ? (description, null)
                : (null, $"The model file {claimed} keeps weights in {string.Join(", ", outside.Take(3).Select(f => $"'{f}'"))}, which is not a file of the package.");
        }
        catch (InvalidModelException e)
        {
            return (null, $"The model file {claimed} cannot be read as ONNX: {e.Message}");
        }
    }
}
