using Baton.Verification.Hardware;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Baton.UnitTests.Verification.Hardware;

/// <summary>Texts as Linux wrote them, on a virtual machine of two cores.</summary>
public sealed class NoiseTests
{
    private const string Before = "cpu  2333318 35249 519762 2374247 10318 0 13341 1519 0 0\ncpu0 1152206 17884 255771 1209059 3172 0 4232 776 0 0\n";
    private const string Pressure = "some avg10=76.76 avg60=49.55 avg300=38.88 total=11662185760\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=0\n";

    [Fact]
    public void Times_of_the_cpu_are_read()
    {
        var times = CpuTimes.Parse(Before)!;

        Assert.Equal((29_016.70, 15.19), (times.Busy, times.Stolen));
        Assert.Equal(52_877.54, times.Total, 0.001);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("cpu  1 2\n")]
    [InlineData("cpu  a b c d e\n")]
    public void What_is_no_such_file_tells_nothing(string? text) => Assert.Null(CpuTimes.Parse(text));

    [Fact]
    public void Time_waited_for_a_cpu_is_read() => Assert.Equal(11_662.185760, NoiseWatch.WaitedSeconds(Pressure));

    [Theory]
    // ten seconds on two cores: user, idle and stolen ticks; CPU seconds of what was measured
    [InlineData(400, 1600, 0, 3.9, 0.005, 0, false)] // ours alone
    [InlineData(1400, 600, 0, 3.9, 0.505, 0, true)] // a neighbour's ten seconds
    [InlineData(400, 1500, 100, 3.9, 0.005, 0.05, true)] // the hypervisor's
    public void A_noisy_machine_is_recognised(int user, int idle, int stolen, double own, double other, double steal, bool noisy)
    {
        var files = new Dictionary<string, string> { ["/proc/stat"] = Before, ["/proc/pressure/cpu"] = Pressure };
        var time = new FakeTimeProvider();
        var watch = new NoiseWatch(loadPerCore: 3, files.GetValueOrDefault, time);
        time.Advance(TimeSpan.FromSeconds(10));
        files["/proc/stat"] = $"cpu  {2333318 + user} 35249 519762 {2374247 + idle} 10318 0 13341 {1519 + stolen} 0 0\n";
        files["/proc/pressure/cpu"] = Pressure.Replace("11662185760", "11664185760", StringComparison.Ordinal);

        var noise = watch.Read(own);

        Assert.Equal(other, noise.OtherLoad!.Value, 0.0001);
        Assert.Equal(steal, noise.Steal!.Value, 0.0001);
        Assert.Equal(0.2, noise.Pressure!.Value, 0.0001);
        Assert.Equal(noisy, noise.Signs.Count > 0);
    }

    [Fact]
    public void Where_the_system_tells_nothing_the_load_average_counts()
    {
        var watch = new NoiseWatch(loadPerCore: 0.8, _ => null, new FakeTimeProvider());

        Assert.Equal("the machine was busy when it began (load 0.8 a core)", Assert.Single(watch.Read(1).Signs));
        Assert.Empty(new MachineNoise(null, null, null, 0.1).Signs);
    }
}
