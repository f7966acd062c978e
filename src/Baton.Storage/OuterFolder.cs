namespace Baton.Storage;

/// <summary>
/// A folder that others write: read, never written. Only what lies truly in it is seen; symbolic links are not followed, so nothing outside can be
/// reached through it.
/// </summary>
public sealed class OuterFolder
{
    private readonly string _root;

    /// <summary>A folder; it need not be there yet.</summary>
    public OuterFolder(string root) => _root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));

    /// <summary>The file at a path relative to the folder, with <c>/</c>; null where there is none.</summary>
    public OuterFile? Find(string path) => Below(path) is { } full && File.Exists(full) ? FileAt(full) : null;

    /// <summary>The files below a path, in ordinal order of their paths; none where it is no folder.</summary>
    /// <param name="path">Relative to the folder, with <c>/</c>.</param>
    /// <param name="most">The most that are looked for; where there are more, it is not said which are left out.</param>
    /// <param name="whole">Whether a folder in it that may not be read is an error; else it is passed over.</param>
    /// <exception cref="UnauthorizedAccessException">A folder may not be read, and <paramref name="whole"/> is asked for.</exception>
    public IReadOnlyList<OuterFile> List(string path, int most = int.MaxValue, bool whole = false)
    {
        if (Below(path) is not { } full || !Directory.Exists(full))
            return [];
        var plain = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = !whole };
        return [.. Directory.EnumerateFiles(full, "*", plain).Take(most).Select(FileAt).OrderBy(file => file.Path, StringComparer.Ordinal)];
    }

    /// <summary>Opens a file for reading; null where there is none.</summary>
    public FileStream? Open(string path) => Below(path) is { } full && File.Exists(full)
        ? new FileStream(full, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.Asynchronous)
        : null;

    /// <summary>Removes a file or folder with all in it; what is not there is no error.</summary>
    public void Remove(string path)
    {
        if (path.Length == 0 || Below(path) is not { } full)
            return;
        if (Directory.Exists(full))
            Directory.Delete(full, recursive: true);
        else
            File.Delete(full);
    }

    /// <summary>Where a path lies on the disk; null where it would leave the folder.</summary>
    private string? Below(string path)
    {
        var at = _root;
        foreach (var segment in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (segment is "." or ".." || segment.AsSpan().ContainsAny('\\', '\0'))
                return null;
            at = Path.Combine(at, segment);
            if (new FileInfo(at).LinkTarget is not null)
                return null;
        }

        return at;
    }

    private OuterFile FileAt(string full)
    {
        var file = new FileInfo(full);
        return new OuterFile(Path.GetRelativePath(_root, full).Replace(Path.DirectorySeparatorChar, '/'), file.Length, file.LastWriteTimeUtc);
    }
}

/// <summary>A file of an outer folder.</summary>
/// <param name="Path">Relative to the folder, with <c>/</c>.</param>
/// <param name="Size">Bytes.</param>
/// <param name="ModifiedAt">When it was last written.</param>
public sealed record OuterFile(string Path, long Size, DateTimeOffset ModifiedAt);
