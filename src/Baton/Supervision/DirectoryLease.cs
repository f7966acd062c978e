namespace Baton.Supervision;

/// <summary>Holds a directory for one process. The operating system lets go of it when the process ends, however it ends.</summary>
internal sealed class DirectoryLease : IDisposable
{
    private readonly FileStream _file;

    private DirectoryLease(FileStream file) => _file = file;

    /// <summary>Takes the directory, making it where it does not exist.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="role">Who wants it: <c>server</c> or <c>agent</c>.</param>
    /// <exception cref="UsageException">Another process holds it.</exception>
    public static DirectoryLease Take(string directory, string role)
    {
        Directory.CreateDirectory(directory);
        var path = Path.Combine(directory, $"{role}.lock");
        try
        {
            return new DirectoryLease(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException e) when (e is not (DirectoryNotFoundException or FileNotFoundException or PathTooLongException))
        {
            throw new UsageException(
                $"another Baton {role} uses the directory {Path.GetFullPath(directory)}; stop it, or name another directory.", e);
        }
    }

    public void Dispose() => _file.Dispose();
}
