namespace Baton.Importing;

/// <summary>Where the files that an artifact URI names are on this machine.</summary>
/// <param name="Folder">The folder or file; null where it is not here.</param>
/// <param name="IsRemote">Whether it is in a store that clients reach themselves.</param>
internal sealed record FoundFiles(string? Folder, bool IsRemote);

/// <summary>
/// Finds files by their URI: as it stands, or with the beginning of its path replaced where the folder was copied from elsewhere. Looks only below the
/// folders it was given: what a database names elsewhere is nobody's wish to upload.
/// </summary>
internal sealed class ArtifactFolders
{
    private const int LongestTail = 8;
    private readonly IReadOnlyList<string> _roots;

    /// <param name="roots">Folders to look in, the likeliest first.</param>
    public ArtifactFolders(IEnumerable<string> roots) => _roots = [.. roots.Where(Directory.Exists).Select(Path.GetFullPath).Distinct()];

    public FoundFiles Find(string uri)
    {
        const string proxied = "mlflow-artifacts:";
        if (uri.StartsWith(proxied, StringComparison.Ordinal))
        {
            var path = uri[proxied.Length..];
            if (path.StartsWith("//", StringComparison.Ordinal))
                path = path.IndexOf('/', 2) is > 0 and var slash ? path[slash..] : "";
            return new FoundFiles(Below(Uri.UnescapeDataString(path).Trim('/')), false);
        }

        if (uri.StartsWith("file:", StringComparison.Ordinal))
            return new FoundFiles(Local(Uri.TryCreate(uri, UriKind.Absolute, out var file) ? file.LocalPath : uri["file:".Length..]), false);
        var scheme = uri.IndexOf(':', StringComparison.Ordinal);
        // One letter before the colon is a drive.
        return scheme > 1 && uri[..scheme].All(c => char.IsAsciiLetterOrDigit(c) || c is '+' or '-' or '.')
            ? new FoundFiles(null, true)
            : new FoundFiles(Local(uri), false);
    }

    private string? Local(string path)
    {
        path = path.Replace('\\', '/');
        if (Path.IsPathFullyQualified(path) && Path.GetFullPath(path) is var full && _roots.Any(root => IsWithin(full, root)) && Path.Exists(full))
            return full;
        var segments = path.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(s => s != ".").ToArray();
        for (var tail = Math.Min(segments.Length, LongestTail); tail >= 2; tail--)
        {
            if (Below(string.Join('/', segments[^tail..])) is { } found)
                return found;
        }

        return null;
    }

    private string? Below(string relative) => relative.Length == 0 || relative.Split('/').Contains("..")
        ? null
        : _roots.Select(root => Path.GetFullPath(Path.Combine(root, relative))).FirstOrDefault(Path.Exists);

    private static bool IsWithin(string path, string root) => path == root || path.StartsWith(root.TrimEnd('/') + "/", StringComparison.Ordinal);
}
