using System.Globalization;
using System.Runtime.InteropServices;
using Baton.Contracts;

namespace Baton.Verification.Hardware;

/// <summary>Reads what a measurement was made on: the CPU, what the container may use of it, the memory, the system.</summary>
public static class MachineFingerprint
{
    /// <summary>The machine as it is now.</summary>
    /// <param name="runtime">What runs the model, e.g. <c>ONNX Runtime 1.31.1, CPU</c>.</param>
    public static Machine Read(string runtime) => Read(runtime, path =>
    {
        try
        {
            return File.Exists(path) ? File.ReadAllText(path) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }, Environment.ProcessorCount);

    /// <summary>The machine as its files tell.</summary>
    /// <param name="runtime">What runs the model.</param>
    /// <param name="read">Text of a file; null where there is none.</param>
    /// <param name="processors">Processors by affinity (.NET has already rounded a quota into it; the files give the exact one).</param>
    internal static Machine Read(string runtime, Func<string, string?> read, int processors)
    {
        var cores = Math.Min(AllowedProcessors(read("/proc/self/status")) ?? processors, Quota(read) ?? double.MaxValue);
        return new Machine
        {
            Cpu = CpuName(read("/proc/cpuinfo")) ?? $"{RuntimeInformation.ProcessArchitecture} processor",
            Cores = Math.Round(cores, 2),
            MemoryBytes = Memory(read),
            OperatingSystem = System(read),
            Runtime = runtime,
            LoadPerCore = Math.Round((Load(read("/proc/loadavg")) ?? 0) / cores, 2),
        };
    }

    private static string? CpuName(string? text)
    {
        if (text is null)
            return null;
        var fields = text.Split('\n').Select(l => l.Split(':', 2, StringSplitOptions.TrimEntries)).Where(p => p.Length == 2).ToLookup(p => p[0], p => p[1]);
        return fields["model name"].Concat(fields["Model"]).Concat(fields["Hardware"]).FirstOrDefault(n => n.Length > 0)
            ?? (fields["CPU part"].FirstOrDefault() is { } part
                ? $"{RuntimeInformation.ProcessArchitecture} implementer {fields["CPU implementer"].FirstOrDefault()} part {part}"
                : null);
    }

    // "Cpus_allowed_list: 0-3,8" is the affinity, before any quota.
    private static int? AllowedProcessors(string? status)
    {
        var list = status?.Split('\n').FirstOrDefault(l => l.StartsWith("Cpus_allowed_list:", StringComparison.Ordinal))?.Split(':', 2)[1].Trim();
        if (string.IsNullOrEmpty(list))
            return null;
        var count = 0;
        foreach (var range in list.Split(','))
        {
            var ends = range.Split('-');
            if (!int.TryParse(ends[0], CultureInfo.InvariantCulture, out var first) || !int.TryParse(ends[^1], CultureInfo.InvariantCulture, out var last))
                return null;
            count += last - first + 1;
        }

        return count;
    }

    private static double? Quota(Func<string, string?> read)
    {
        if (read("/sys/fs/cgroup/cpu.max")?.Split(' ', StringSplitOptions.TrimEntries) is [var quota, var period]
            && Number(quota) is { } ofPeriod && Number(period) is > 0 and { } whole)
            return ofPeriod / whole;
        return Number(read("/sys/fs/cgroup/cpu/cpu.cfs_quota_us")) is > 0 and { } used && Number(read("/sys/fs/cgroup/cpu/cpu.cfs_period_us")) is > 0 and { } each
            ? used / each
            : null;
    }

    private static long Memory(Func<string, string?> read)
    {
        var total = read("/proc/meminfo")?.Split('\n').FirstOrDefault(l => l.StartsWith("MemTotal:", StringComparison.Ordinal)) is { } line
            && Number(line["MemTotal:".Length..].Replace("kB", "", StringComparison.Ordinal)) is { } kilobytes
            ? kilobytes * 1024
            : GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        var limit = Number(read("/sys/fs/cgroup/memory.max")) ?? Number(read("/sys/fs/cgroup/memory/memory.limit_in_bytes"));
        return (long)Math.Min(total, limit ?? double.MaxValue);
    }

    private static string System(Func<string, string?> read)
    {
        const string Name = "PRETTY_NAME=";
        var pretty = read("/etc/os-release")?.Split('\n').FirstOrDefault(l => l.StartsWith(Name, StringComparison.Ordinal))?[Name.Length..].Trim().Trim('"');
        var kernel = read("/proc/sys/kernel/osrelease")?.Trim();
        return $"{pretty ?? RuntimeInformation.OSDescription.Trim()}{(kernel is null ? "" : $", Linux {kernel}")} ({RuntimeInformation.OSArchitecture})";
    }

    private static double? Load(string? text) => text is null ? null : Number(text.Split(' ')[0]);

    private static double? Number(string? text) =>
        double.TryParse(text?.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
}
