namespace Baton.Importing;

/// <summary>Looks into folders of a source. What goes away meanwhile was not there; symbolic links are not followed.</summary>
internal static class SourceFolder
{
    /// <summary>Every file below a folder by its path there with <c>/</c>, in order.</summary>
    public static IReadOnlyList<(string Path, FileInfo File)> FilesBelow(string folder)
    {
        var found = new List<(string Path, FileInfo File)>();
        var folders = new Stack<(string Path, string Full)>([("", folder)]);
        while (folders.TryPop(out var at))
        {
            foreach (var entry in Entries(at.Full))
            {
                var path = at.Path.Length == 0 ? entry.Name : $"{at.Path}/{entry.Name}";
                if (entry is FileInfo file)
                    found.Add((path, file));
                else if (entry.LinkTarget is null)
                    folders.Push((path, entry.FullName));
            }
        }

        found.Sort((a, b) => string.CompareOrdinal(a.Path, b.Path));
        return found;
    }

    /// <summary>The folders in a folder, by name.</summary>
    public static IReadOnlyList<DirectoryInfo> Folders(string folder) =>
        [.. Entries(folder).OfType<DirectoryInfo>().OrderBy(d => d.Name, StringComparer.Ordinal)];

    /// <summary>The files below a folder as pairs of path and content.</summary>
    public static Dictionary<string, string> Pairs(string folder)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (path, file) in FilesBelow(folder))
        {
            try
            {
                pairs[path] = File.ReadAllText(file.FullName);
            }
            catch (FileNotFoundException)
            {
                // Deleted since it was listed.
            }
        }

        return pairs;
    }

    private static IReadOnlyList<FileSystemInfo> Entries(string folder)
    {
        try
        {
            return [.. new DirectoryInfo(folder).EnumerateFileSystemInfos()];
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }
}
