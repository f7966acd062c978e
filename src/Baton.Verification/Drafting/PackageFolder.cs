using Baton.Contracts;

namespace Baton.Verification.Drafting;

/// <summary>A folder whose files are a model's package.</summary>
internal sealed class PackageFolder
{
    /// <summary>Documents about a package, which lie beside its files and are no part of it.</summary>
    private static readonly string[] NotOfPackage = ["claims.json", "contract.yaml"];

    private readonly string _root;
    private readonly IReadOnlyList<string> _files;

    private PackageFolder(string root, IReadOnlyList<string> files)
    {
        _root = root;
        _files = files;
        ModelFile = _files.Contains(MlModelFile.Name) ? MlModelFile.OnnxPath(PathOf(MlModelFile.Name)) : SingleOnnx();
        if (!_files.Contains(ModelFile))
            throw new DraftException($"{MlModelFile.Name} names '{ModelFile}' as the model, and '{root}' has no such file; it has {Listed(_files)}.");
    }

    /// <summary>The model file's path in the package, with <c>/</c>.</summary>
    public string ModelFile { get; }

    /// <summary>Opens a folder; the reference predictions are no part of the package.</summary>
    public static PackageFolder Open(string directory, string? referenceFile = null)
    {
        if (!Directory.Exists(directory))
            throw new DraftException($"There is no package folder '{directory}'.");
        var root = Path.GetFullPath(directory);
        var reference = referenceFile is null ? null : Path.GetFullPath(referenceFile);
        var everything = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0, IgnoreInaccessible = false };
        var files = new List<string>();
        foreach (var entry in new DirectoryInfo(root).EnumerateFileSystemInfos("*", everything))
        {
            var path = Path.GetRelativePath(root, entry.FullName).Replace('\\', '/');
            if (entry.LinkTarget is not null)
                throw new DraftException($"'{path}' in '{root}' is a link; a package holds its files themselves. Copy the file in.");
            if (entry is FileInfo && entry.FullName != reference && !NotOfPackage.Contains(path))
                files.Add(path);
        }

        files.Sort(StringComparer.Ordinal);
        return new PackageFolder(root, files);
    }

    /// <summary>Where a file of the package lies.</summary>
    public string PathOf(string file) => Path.Combine(_root, file);

    /// <summary>Paths of all files, in ordinal order.</summary>
    public IReadOnlyList<string> Files => _files;

    /// <summary>All files with digests and sizes.</summary>
    public async Task<Manifest> ManifestAsync(CancellationToken cancellation)
    {
        var files = new List<ManifestFile>(_files.Count);
        foreach (var path in _files)
        {
            var (digest, size) = await FileDigest.OfAsync(PathOf(path), cancellation).ConfigureAwait(false);
            files.Add(new ManifestFile(path, digest, size));
        }

        return Manifest.Of(files);
    }

    private string SingleOnnx()
    {
        var models = _files.Where(f => f.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase)).ToList();
        return models.Count switch
        {
            1 => models[0],
            0 => throw new DraftException(
                $"'{_root}' has no {MlModelFile.Name} and no .onnx file; it has {Listed(_files)}. Export the model to ONNX into this folder."),
            _ => throw new DraftException(
                $"'{_root}' has {models.Count} .onnx files ({Listed(models)}) and no {MlModelFile.Name} that says which is the model."),
        };
    }

    private static string Listed(IReadOnlyList<string> files)
    {
        const int shown = 12;
        return files.Count == 0 ? "no files" : string.Join(", ", files.Take(shown)) + (files.Count > shown ? $" and {files.Count - shown} more" : "");
    }
}
