using System.Diagnostics;
using System.Globalization;

namespace Baton.EndToEndTests;

/// <summary>Looks at processes through <c>/proc</c> and signals the test's own.</summary>
internal static class ProcessTree
{
    public static IReadOnlyList<int> ChildrenOf(int pid) =>
        [.. Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(name => name!.All(char.IsAsciiDigit))
            .Select(name => int.Parse(name!, CultureInfo.InvariantCulture)).Where(child => ParentOf(child) == pid)];

    /// <summary>All below a process, however deep.</summary>
    public static IReadOnlyList<int> DescendantsOf(int pid) => [.. ChildrenOf(pid).SelectMany(child => DescendantsOf(child).Prepend(child))];

    public static IReadOnlyList<string> CommandLineOf(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline").Split('\0', StringSplitOptions.RemoveEmptyEntries);
        }
        catch (IOException)
        {
            return [];
        }
    }

    /// <summary>Whether a process is there and is no zombie.</summary>
    public static bool IsAlive(int pid) => StatusOf(pid) is { } status && !status.Contains("State:\tZ", StringComparison.Ordinal);

    public static void Signal(int pid, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", pid.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    private static int ParentOf(int pid) =>
        StatusOf(pid)?.Split('\n').FirstOrDefault(line => line.StartsWith("PPid:", StringComparison.Ordinal)) is { } line
            ? int.Parse(line["PPid:".Length..], CultureInfo.InvariantCulture)
            : -1;

    private static string? StatusOf(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/status");
        }
        catch (IOException)
        {
            return null;
        }
    }
}
