using Baton.Contracts;
using Baton.Inference;
using Baton.Verification.Hardware;
using Xunit;

namespace Baton.UnitTests.Verification.Hardware;

public sealed class MachineMatchTests
{
    private static readonly Machine Found = new()
    {
        Cpu = "AMD EPYC 7763 64-Core Processor",
        Cores = 4,
        MemoryBytes = 8L << 30,
        OperatingSystem = "os",
        Runtime = "ONNX Runtime 1, CUDA", // a label, which counts for nothing
        Gpus = [new Gpu("Tesla T4", 15L << 30, "535.104.05")],
        Provider = "cpu",
    };

    [Fact]
    public void Without_a_demand_any_machine_will_do() => Assert.Null(MachineMatch.Mismatch(null, Found, ran: true));

    [Theory]
    [InlineData("AMD EPYC*", true)]
    [InlineData("amd epyc 7763*", true)]
    [InlineData("*7763*", true)]
    [InlineData("AMD EPYC", false)]
    [InlineData("Intel*", false)]
    public void A_star_stands_for_anything_in_the_name_of_the_cpu(string pattern, bool matches) =>
        Assert.Equal(matches, MachineMatch.Mismatch(new MachineDemand { Cpu = pattern }, Found, ran: true) is null);

    [Theory]
    [InlineData(4, true)]
    [InlineData(8, true)]
    [InlineData(2, false)]
    public void A_machine_with_more_cores_is_another_machine(double cores, bool matches) =>
        Assert.Equal(matches, MachineMatch.Mismatch(new MachineDemand { Cores = cores }, Found, ran: true) is null);

    [Fact]
    public void What_was_expected_and_what_was_found_are_told()
    {
        var demand = new MachineDemand { Cpu = "Intel*", Cores = 2, Memory = 1L << 30, Gpu = "*A100*" };

        Assert.Equal(
            "A measurement on this machine does not count: expected CPU Intel*, found AMD EPYC 7763 64-Core Processor; at most 2 cores, found 4 cores; "
            + "at most 1 GiB of memory, found 8 GiB; GPU *A100*, found Tesla T4. Run an agent on the machine that the clause names.",
            MachineMatch.Mismatch(demand, Found, ran: false));
    }

    [Fact]
    public void The_provider_that_really_ran_counts_and_not_the_label()
    {
        var demand = new MachineDemand { Provider = "cuda" };

        Assert.Null(MachineMatch.Mismatch(demand, Found, ran: false)); // not known yet
        Assert.Contains("execution provider cuda, and the model ran on cpu", MachineMatch.Mismatch(demand, Found, ran: true), StringComparison.Ordinal);
        Assert.Null(MachineMatch.Mismatch(demand, Found.With(new RuntimeFacts("b", ["CPUExecutionProvider", "CUDAExecutionProvider"])), ran: true));
        Assert.Equal("cpu", Found.With(new RuntimeFacts("b", [])).Provider);
    }

    [Fact]
    public void A_gpu_is_demanded_of_a_machine_without_one() =>
        Assert.Contains("found none", MachineMatch.Mismatch(new MachineDemand { Gpu = "*T4" }, Found with { Gpus = null }, ran: true), StringComparison.Ordinal);
}
