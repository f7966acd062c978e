using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Baton.Contracts;

namespace Baton.Verification.Hardware;

/// <summary>GPUs of NVIDIA, by their driver's own word.</summary>
internal static class NvidiaGpus
{
    private const string DriverVersion = "/proc/driver/nvidia/version";
    private const string DriverGpus = "/proc/driver/nvidia/gpus";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>The GPUs; null where there is no driver.</summary>
    public static IReadOnlyList<Gpu>? Read()
    {
        if (AskSmi() is { } text && ParseSmi(text) is { Count: > 0 } gpus)
            return gpus;
        if (SystemFile.Read(DriverVersion) is not { } version || !Directory.Exists(DriverGpus))
            return null;
        var found = Directory.EnumerateDirectories(DriverGpus).Order(StringComparer.Ordinal)
            .Select(d => ParseInformation(SystemFile.Read(Path.Combine(d, "information")), version)).OfType<Gpu>().ToList();
        return found.Count > 0 ? found : null;
    }

    /// <summary>Reads what <c>nvidia-smi --query-gpu=name,memory.total,driver_version --format=csv,noheader,nounits</c> writes: a GPU a line, memory in MiB.</summary>
    internal static IReadOnlyList<Gpu> ParseSmi(string text) =>
    [
        .. text.Split('\n').Select(l => l.Split(',', StringSplitOptions.TrimEntries)).Where(f => f is [{ Length: > 0 }, _, _])
            .Select(f => new Gpu(
                f[0],
                double.TryParse(f[1], NumberStyles.Float, CultureInfo.InvariantCulture, out var mebibytes) ? (long)mebibytes << 20 : null,
                f[2].Length > 0 ? f[2] : null)),
    ];

    /// <summary>Reads <c>/proc/driver/nvidia/gpus/*/information</c> and <c>/proc/driver/nvidia/version</c>.</summary>
    internal static Gpu? ParseInformation(string? information, string version)
    {
        var name = information?.Split('\n').FirstOrDefault(l => l.StartsWith("Model:", StringComparison.Ordinal))?["Model:".Length..].Trim();
        var driver = version.Split('\n')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .FirstOrDefault(w => w.Contains('.') && w.All(c => char.IsAsciiDigit(c) || c == '.'));
        return string.IsNullOrEmpty(name) ? null : new Gpu(name, null, driver);
    }

    private static string? AskSmi()
    {
        try
        {
            using var smi = Process.Start(new ProcessStartInfo("nvidia-smi", ["--query-gpu=name,memory.total,driver_version", "--format=csv,noheader,nounits"])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
            });
            if (smi is null)
                return null;
            if (smi.WaitForExit(Patience))
                return smi.ExitCode == 0 ? smi.StandardOutput.ReadToEnd() : null;
            smi.Kill();
            return null;
        }
        catch (Win32Exception)
        {
            return null; // not installed
        }
    }
}
