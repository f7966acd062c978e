using System.Diagnostics;
using System.Globalization;

namespace Baton.Inference.Execution;

/// <summary>Memory of a process as the kernel counts it; .NET's own counters where there is no <c>/proc</c>.</summary>
internal static class ProcessStatus
{
    /// <summary>Memory of this process.</summary>
    public static ProcessMemory ReadSelf()
    {
        if (TryRead("/proc/self/status") is { } memory)
            return memory;
        using var self = Process.GetCurrentProcess();
        return new ProcessMemory(self.PeakWorkingSet64, self.WorkingSet64);
    }

    /// <summary>Memory of another process; null once it is gone.</summary>
    public static ProcessMemory? Read(Process process)
    {
        try
        {
            if (OperatingSystem.IsLinux())
                return TryRead($"/proc/{process.Id}/status");
            process.Refresh();
            return process.HasExited ? null : new ProcessMemory(process.PeakWorkingSet64, process.WorkingSet64);
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Reads the text of <c>/proc/PID/status</c>: <c>VmHWM</c> is the peak, <c>VmRSS</c> and <c>VmSwap</c> are held now, all in kB.</summary>
    internal static ProcessMemory? Parse(string status)
    {
        long? peak = null;
        long? resident = null;
        long swapped = 0;
        foreach (var line in status.AsSpan().EnumerateLines())
        {
            if (line.StartsWith("VmHWM:", StringComparison.Ordinal))
                peak = Kilobytes(line);
            else if (line.StartsWith("VmRSS:", StringComparison.Ordinal))
                resident = Kilobytes(line);
            else if (line.StartsWith("VmSwap:", StringComparison.Ordinal))
                swapped = Kilobytes(line) ?? 0;
        }

        return peak is null || resident is null ? null : new ProcessMemory(peak.Value, resident.Value + swapped);
    }

    private static ProcessMemory? TryRead(string path)
    {
        try
        {
            return OperatingSystem.IsLinux() ? Parse(File.ReadAllText(path)) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static long? Kilobytes(ReadOnlySpan<char> line)
    {
        var text = line[(line.IndexOf(':') + 1)..].Trim();
        if (text.EndsWith("kB", StringComparison.Ordinal))
            text = text[..^2].TrimEnd();
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var kilobytes) ? kilobytes * 1024 : null;
    }
}
