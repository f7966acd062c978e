namespace Baton.Testing;

/// <summary>A folder that only this user can read, removed with all it holds at the end.</summary>
public sealed class TempDirectory : IDisposable
{
    /// <summary>Its absolute path.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("baton-test-").FullName;

    /// <summary>The absolute path of a name inside it.</summary>
    public string File(params string[] names) => System.IO.Path.Combine([Path, .. names]);

    /// <summary>Removes it.</summary>
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
