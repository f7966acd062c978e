using System.Globalization;
using System.Runtime.InteropServices;
using Baton.Contracts;
using Baton.Inference;

namespace Baton.Verification.Hardware;

/// <summary>Reads what a measurement was made on: the CPU, what the container may use of it, the memory, the system.</summary>
public static class MachineFingerprint
{
    // What the kernels of ONNX Runtime are written for.
    private static readonly HashSet<string> FlagsThatMatter =
    [
        "avx", "avx2", "fma", "f16c", "avx512f", "avx512bw", "avx512vl", "avx512_vnni", "avx512_bf16", "avx512_fp16", "avx_vnni", "amx_tile", "amx_int8", "amx_bf16",
        "asimd", "asimdhp", "asimddp", "i8mm", "bf16", "sve", "sve2", "sme",
    ];

    /// <summary>The machine as it is now.</summary>
    /// <param name="runtime">What runs the model, e.g. <c>ONNX Runtime 1.31.1, CPU</c>.</param>
    public static Machine Read(string runtime) => Read(runtime, SystemFile.Read, Environment.ProcessorCount) with { Gpus = NvidiaGpus.Read() };

    /// <summary>What really ran, beside the machine.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="facts">What the runtime tells; null where nothing ran.</param>
    public static Machine With(this Machine machine, RuntimeFacts? facts) => facts is null ? machine : machine with
    {
        RuntimeBuild = facts.Build,
        Provider = Providers.Of(facts.Providers),
    };

    /// <summary>The machine as its files tell.</summary>
    /// <param name="runtime">What runs the model.</param>
    /// <param name="read">Text of a file; null where there is none.</param>
    /// <param name="processors">Processors by affinity (.NET has already rounded a quota into it; the files give the exact one).</param>
    internal static Machine Read(string runtime, Func<string, string?> read, int processors)
    {
        var (quota, limit, physical, cpu) = (Quota(read), MemoryLimit(read), PhysicalMemory(read), read("/proc/cpuinfo"));
        var cores = Math.Min(AllowedProcessors(read("/proc/self/status")) ?? processors, quota ?? double.MaxValue);
        return new Machine
        {
            Cpu = CpuName(cpu) ?? $"{RuntimeInformation.ProcessArchitecture} processor",
            Cores = Math.Round(cores, 2),
            MemoryBytes = Math.Min(physical ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, limit ?? long.MaxValue),
            OperatingSystem = System(read),
            Runtime = runtime,
            LoadPerCore = Math.Round((Load(read("/proc/loadavg")) ?? 0) / cores, 2),
            CpuFlags = Flags(cpu) is { } flags ? [.. flags.Where(FlagsThatMatter.Contains).Order(StringComparer.Ordinal)] : null,
            CpuQuota = quota,
            PhysicalMemoryBytes = physical,
            MemoryLimitBytes = limit,
            Governor = read("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor")?.Trim(),
            Kernel = read("/proc/sys/kernel/osrelease")?.Trim(),
            Virtualised = Virtualised(read, Flags(cpu)),
        };
    }

    private static string[]? Flags(string? text)
    {
        var line = text?.Split('\n').FirstOrDefault(l => l.StartsWith("flags", StringComparison.Ordinal) || l.StartsWith("Features", StringComparison.Ordinal));
        return line?.Split(':', 2)[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    private static string? Virtualised(Func<string, string?> read, string[]? flags)
    {
        var guest = read("/sys/class/dmi/id/product_name")?.Trim() is { Length: > 0 } product && flags?.Contains("hypervisor") == true
            ? $"virtual machine ({product})"
            : flags?.Contains("hypervisor") == true || read("/sys/hypervisor/type") is not null ? "virtual machine" : null;
        var contained = read("/.dockerenv") is not null || read("/run/.containerenv") is not null
            || read("/proc/1/cgroup") is { } groups && (groups.Contains("docker", StringComparison.Ordinal) || groups.Contains("kubepods", StringComparison.Ordinal));
        return (guest, contained) switch
        {
            (not null, true) => $"container in a {guest}",
            (null, true) => "container",
            _ => guest,
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

    private static long? PhysicalMemory(Func<string, string?> read) =>
        read("/proc/meminfo")?.Split('\n').FirstOrDefault(l => l.StartsWith("MemTotal:", StringComparison.Ordinal)) is { } line
        && Number(line["MemTotal:".Length..].Replace("kB", "", StringComparison.Ordinal)) is { } kilobytes
            ? (long)kilobytes * 1024
            : null;

    // Without a limit version 1 of control groups gives a number beyond any memory.
    private static long? MemoryLimit(Func<string, string?> read) =>
        (Number(read("/sys/fs/cgroup/memory.max")) ?? Number(read("/sys/fs/cgroup/memory/memory.limit_in_bytes"))) is < 1L << 60 and { } limit ? (long)limit : null;

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
