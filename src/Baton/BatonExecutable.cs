namespace Baton;

/// <summary>How this program starts itself again in another role.</summary>
/// <param name="FileName">Program to start.</param>
/// <param name="Prefix">Arguments before Baton's own.</param>
internal sealed record BatonExecutable(string FileName, IReadOnlyList<string> Prefix)
{
    /// <summary>The running program: <c>baton</c> itself, or <c>dotnet baton.dll</c>.</summary>
    public static BatonExecutable Current { get; } = Find();

    private static BatonExecutable Find()
    {
        var process = Environment.ProcessPath ?? throw new InvalidOperationException("The operating system does not tell the path of this program.");
        return Path.GetFileNameWithoutExtension(process).Equals("dotnet", StringComparison.OrdinalIgnoreCase)
            ? new BatonExecutable(process, [Path.Combine(AppContext.BaseDirectory, "baton.dll")])
            : new BatonExecutable(process, []);
    }
}
