using System.Diagnostics;
using System.Globalization;

namespace Baton.Supervision;

/// <summary>Finds who listens on a port, where the operating system tells (Linux, and only for one's own processes).</summary>
internal static class PortHolder
{
    private const string Listening = "0A";

    /// <summary>What to say where a port cannot be had, and what to do.</summary>
    /// <param name="host">Address that was asked for.</param>
    /// <param name="port">Port that was asked for.</param>
    /// <param name="flag">Option that chooses another, e.g. <c>--port</c>.</param>
    public static string Complaint(string host, int port, string flag)
    {
        var holder = Find(port) is { } found ? $" by {found}" : "";
        var other = port < ushort.MaxValue ? port + 1 : port - 1;
        return $"port {port} on {host} is in use{holder}: end that program, or choose another port, e.g. {flag} {other} (0 takes any free one).";
    }

    /// <summary>E.g. <c>python3 (process 4711)</c>; null where it cannot be told.</summary>
    public static string? Find(int port)
    {
        if (!OperatingSystem.IsLinux())
            return null;
        try
        {
            var sockets = new[] { "/proc/net/tcp", "/proc/net/tcp6" }.Where(File.Exists).SelectMany(File.ReadLines)
                .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Where(field => field.Length > 9 && field[3] == Listening && field[1].EndsWith($":{port:X4}", StringComparison.Ordinal))
                .Select(field => $"socket:[{field[9]}]")
                .ToHashSet(StringComparer.Ordinal);
            return sockets.Count == 0 ? null : Directory.EnumerateDirectories("/proc").Select(d => Holder(d, sockets)).FirstOrDefault(h => h is not null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string? Holder(string directory, HashSet<string> sockets)
    {
        if (!int.TryParse(Path.GetFileName(directory), CultureInfo.InvariantCulture, out var id))
            return null;
        try
        {
            if (!Directory.EnumerateFiles(Path.Combine(directory, "fd")).Any(fd => new FileInfo(fd).LinkTarget is { } target && sockets.Contains(target)))
                return null;
            using var process = Process.GetProcessById(id);
            return $"{process.ProcessName} (process {id})";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or InvalidOperationException)
        {
            // It is another's, or has just ended.
            return null;
        }
    }
}
