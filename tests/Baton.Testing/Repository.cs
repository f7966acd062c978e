using System.Runtime.CompilerServices;

namespace Baton.Testing;

/// <summary>The checkout the tests were built from.</summary>
public static class Repository
{
    /// <summary>The folder that holds Baton.slnx.</summary>
    public static string Root { get; } = Find(AppContext.BaseDirectory) ?? Find(ThisFile())
        ?? throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} holds Baton.slnx: run the tests from a checkout.");

    private static string? Find(string start)
    {
        for (var folder = Path.GetDirectoryName(start); folder is not null; folder = Path.GetDirectoryName(folder))
            if (File.Exists(Path.Combine(folder, "Baton.slnx")))
                return folder;
        return null;
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
