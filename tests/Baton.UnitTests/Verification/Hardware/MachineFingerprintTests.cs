using Baton.Verification.Hardware;
using Xunit;

namespace Baton.UnitTests.Verification.Hardware;

public sealed class MachineFingerprintTests
{
    private static readonly Dictionary<string, string> Files = new()
    {
        ["/proc/cpuinfo"] = "processor\t: 0\nvendor_id\t: AuthenticAMD\nmodel name\t: AMD EPYC 7763\n\nprocessor\t: 1\nmodel name\t: AMD EPYC 7763\n",
        ["/proc/self/status"] = "Name:\tbaton\nCpus_allowed_list:\t0-3,8\n",
        ["/proc/meminfo"] = "MemTotal:       16000000 kB\nMemFree: 1 kB\n",
        ["/proc/loadavg"] = "2.50 1.00 0.50 1/200 1234\n",
        ["/etc/os-release"] = "NAME=\"Debian\"\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n",
        ["/proc/sys/kernel/osrelease"] = "6.1.0-18\n",
    };

    [Fact]
    public void Affinity_counts_where_there_is_no_quota()
    {
        var machine = Read();

        Assert.Equal("AMD EPYC 7763", machine.Cpu);
        Assert.Equal(5, machine.Cores);
        Assert.Equal(16_000_000L * 1024, machine.MemoryBytes);
        Assert.Equal(0.5, machine.LoadPerCore);
        Assert.StartsWith("Debian GNU/Linux 12 (bookworm), Linux 6.1.0-18 (", machine.OperatingSystem, StringComparison.Ordinal);
        Assert.Equal("ONNX Runtime 1, CPU", machine.Runtime);
    }

    [Fact]
    public void A_quota_of_cgroup_2_limits_cores_and_memory()
    {
        var machine = Read(("/sys/fs/cgroup/cpu.max", "150000 100000\n"), ("/sys/fs/cgroup/memory.max", "1073741824\n"));

        Assert.Equal(1.5, machine.Cores);
        Assert.Equal(1L << 30, machine.MemoryBytes);
        Assert.Equal(1.67, machine.LoadPerCore);
    }

    [Fact]
    public void A_quota_of_cgroup_1_limits_cores_and_memory()
    {
        var machine = Read(
            ("/sys/fs/cgroup/cpu/cpu.cfs_quota_us", "200000\n"), ("/sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n"),
            ("/sys/fs/cgroup/memory/memory.limit_in_bytes", "2147483648\n"));

        Assert.Equal(2, machine.Cores);
        Assert.Equal(2L << 30, machine.MemoryBytes);
    }

    [Fact]
    public void No_limit_is_no_limit()
    {
        var machine = Read(("/sys/fs/cgroup/cpu.max", "max 100000\n"), ("/sys/fs/cgroup/memory.max", "max\n"), ("/sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1\n"));

        Assert.Equal(5, machine.Cores);
        Assert.Equal(16_000_000L * 1024, machine.MemoryBytes);
    }

    [Fact]
    public void What_matters_to_a_model_is_read_of_the_cpu_and_what_it_is_a_guest_of()
    {
        var machine = Read(
            ("/proc/cpuinfo", Files["/proc/cpuinfo"] + "flags\t\t: fpu sse4_2 avx2 fma hypervisor avx512_vnni avx_vnni\n"),
            ("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", "powersave\n"), ("/sys/class/dmi/id/product_name", "KVM\n"), ("/.dockerenv", ""),
            ("/sys/fs/cgroup/cpu.max", "150000 100000\n"), ("/sys/fs/cgroup/memory.max", "1073741824\n"));

        Assert.Equal(["avx2", "avx512_vnni", "avx_vnni", "fma"], machine.CpuFlags!);
        Assert.Equal(("powersave", "container in a virtual machine (KVM)", "6.1.0-18"), (machine.Governor, machine.Virtualised, machine.Kernel));
        Assert.Equal((1.5, 1L << 30, 16_000_000L * 1024), (machine.CpuQuota, machine.MemoryLimitBytes, machine.PhysicalMemoryBytes));
        Assert.Equal((null, null), (machine.Provider, machine.RuntimeBuild));
    }

    [Fact]
    public void A_machine_of_its_own_without_limits_says_nothing_of_them()
    {
        var machine = Read(("/sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n"));

        Assert.Equal((null, null, null, null), (machine.CpuQuota, machine.MemoryLimitBytes, machine.Virtualised, machine.Governor));
    }

    [Fact]
    public void Without_any_of_the_files_there_is_a_portable_answer()
    {
        var machine = MachineFingerprint.Read("r", _ => null, processors: 7);

        Assert.Equal(7, machine.Cores);
        Assert.NotEmpty(machine.Cpu);
        Assert.NotEmpty(machine.OperatingSystem);
        Assert.True(machine.MemoryBytes > 0);
    }

    [Fact]
    public void This_machine_has_a_fingerprint()
    {
        var machine = MachineFingerprint.Read("r");

        Assert.True(machine.Cores > 0);
        Assert.True(machine.MemoryBytes > 1 << 20);
    }

    private static Baton.Contracts.Machine Read(params (string Path, string Text)[] more)
    {
        var files = new Dictionary<string, string>(Files);
        foreach (var (path, text) in more)
            files[path] = text;
        return MachineFingerprint.Read("ONNX Runtime 1, CPU", path => files.GetValueOrDefault(path), processors: 64);
    }
}
