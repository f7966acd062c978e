using Baton.Inference.Execution;
using Xunit;

namespace Baton.UnitTests.Inference.Execution;

public sealed class ProcessStatusTests
{
    [Fact]
    public void Peak_resident_and_swapped_memory_are_read() => Assert.Equal(
        new ProcessMemory(2048 * 1024, (1024 + 16) * 1024),
        ProcessStatus.Parse("Name:\tbaton\nVmPeak:\t 999999 kB\nVmHWM:\t    2048 kB\nVmRSS:\t    1024 kB\nVmSwap:\t      16 kB\nThreads:\t3\n"));

    [Theory]
    [InlineData("")]
    [InlineData("Name:\tkthreadd\n")] // a process that is going has no memory
    [InlineData("VmHWM:\tmany kB\nVmRSS:\t1 kB\n")]
    public void What_has_no_memory_is_none(string status) => Assert.Null(ProcessStatus.Parse(status));

    [Fact]
    public void This_process_has_memory()
    {
        var memory = ProcessStatus.ReadSelf();

        Assert.True(memory.CurrentBytes > 1 << 20);
        Assert.True(memory.PeakBytes >= memory.CurrentBytes / 2);
    }
}
