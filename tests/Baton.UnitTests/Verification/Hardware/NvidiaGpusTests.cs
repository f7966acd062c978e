using Baton.Contracts;
using Baton.Verification.Hardware;
using Xunit;

namespace Baton.UnitTests.Verification.Hardware;

/// <summary>Texts as the driver of NVIDIA writes them.</summary>
public sealed class NvidiaGpusTests
{
    [Fact]
    public void Gpus_are_read_from_nvidia_smi() => Assert.Equal(
        [new Gpu("NVIDIA A100-SXM4-40GB", 40_960L << 20, "535.104.05"), new Gpu("Tesla T4", 15_360L << 20, "535.104.05"), new Gpu("GRID", null, "1.0")],
        NvidiaGpus.ParseSmi("NVIDIA A100-SXM4-40GB, 40960, 535.104.05\nTesla T4, 15360, 535.104.05\nGRID, [N/A], 1.0\n\n"));

    [Fact]
    public void A_gpu_is_read_from_the_driver_s_files()
    {
        const string Information = "Model: \t\t Tesla T4\nIRQ:   \t\t 30\nGPU UUID: \t GPU-1\nVideo BIOS: \t 90.04\nBus Type: \t PCIe\n";
        const string Version = "NVRM version: NVIDIA UNIX x86_64 Kernel Module  535.104.05  Sat Aug 19 01:15:15 UTC 2023\nGCC version:  gcc version 11.4.0\n";

        Assert.Equal(new Gpu("Tesla T4", null, "535.104.05"), NvidiaGpus.ParseInformation(Information, Version));
        Assert.Null(NvidiaGpus.ParseInformation(null, Version));
        Assert.Empty(NvidiaGpus.ParseSmi("NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver."));
    }
}
