using System.Globalization;

namespace Baton.Verification.Hardware;

/// <summary>Watches what else a machine does from when it is made until it is asked.</summary>
/// <param name="loadPerCore">Load average over cores when it begins.</param>
/// <param name="read">Text of a file; null where there is none.</param>
/// <param name="time">Clock.</param>
internal sealed class NoiseWatch(double loadPerCore, Func<string, string?> read, TimeProvider time)
{
    private const string Stat = "/proc/stat";
    private const string Pressure = "/proc/pressure/cpu";

    private readonly CpuTimes? _times = CpuTimes.Parse(read(Stat));
    private readonly double? _waited = WaitedSeconds(read(Pressure));
    private readonly long _start = time.GetTimestamp();

    /// <summary>What went on since.</summary>
    /// <param name="own">CPU time of what was measured, seconds; null where it cannot be told from the rest.</param>
    public MachineNoise Read(double? own)
    {
        var elapsed = time.GetElapsedTime(_start).TotalSeconds;
        var spent = _times is { } before && CpuTimes.Parse(read(Stat)) is { } now && now.Total > before.Total
            ? new CpuTimes(now.Total - before.Total, now.Busy - before.Busy, now.Stolen - before.Stolen)
            : null;
        return new MachineNoise(
            spent is null ? null : Math.Clamp(spent.Stolen / spent.Total, 0, 1),
            spent is null || own is null ? null : Math.Clamp((spent.Busy - own.Value) / spent.Total, 0, 1),
            _waited is { } then && WaitedSeconds(read(Pressure)) is { } waited && elapsed > 0 ? Math.Clamp((waited - then) / elapsed, 0, 1) : null,
            loadPerCore);
    }

    /// <summary>Time in which some task waited for a CPU: <c>some … total=</c>, microseconds.</summary>
    internal static double? WaitedSeconds(string? pressure)
    {
        const string Total = "total=";
        var some = pressure?.Split('\n').FirstOrDefault(l => l.StartsWith("some ", StringComparison.Ordinal));
        var at = some?.IndexOf(Total, StringComparison.Ordinal) ?? -1;
        return at >= 0 && double.TryParse(some![(at + Total.Length)..], NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds)
            ? microseconds / 1e6
            : null;
    }
}
