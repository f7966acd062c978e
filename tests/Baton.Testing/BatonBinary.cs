namespace Baton.Testing;

/// <summary>The built executable.</summary>
public static class BatonBinary
{
    /// <summary>Its absolute path, beside the test that runs: both are under the same artifacts folder and configuration.</summary>
    /// <exception cref="InvalidOperationException">It has not been built.</exception>
    public static string Path
    {
        get
        {
            var tests = AppContext.BaseDirectory.TrimEnd(System.IO.Path.DirectorySeparatorChar);
            var name = OperatingSystem.IsWindows() ? "baton.exe" : "baton";
            var path = System.IO.Path.GetFullPath(System.IO.Path.Combine(tests, "..", "..", "Baton", System.IO.Path.GetFileName(tests), name));
            return File.Exists(path)
                ? path
                : throw new InvalidOperationException($"The baton executable is not at {path}: build it first with `dotnet build Baton.slnx`.");
        }
    }
}
