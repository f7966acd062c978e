using System.Globalization;

namespace Baton.Verification.Hardware;

/// <summary>Where the CPU time of the whole machine went since it started, seconds.</summary>
/// <param name="Total">All of it, idle too.</param>
/// <param name="Busy">What processes and the kernel took.</param>
/// <param name="Stolen">What the hypervisor gave to other machines while this one wanted it.</param>
internal sealed record CpuTimes(double Total, double Busy, double Stolen)
{
    private const double TicksPerSecond = 100; // USER_HZ, the same on every architecture that .NET runs on

    /// <summary>Reads the text of <c>/proc/stat</c> (proc_stat(5)); null where it is not of that form.</summary>
    public static CpuTimes? Parse(string? stat)
    {
        var fields = stat?.Split('\n').FirstOrDefault(l => l.StartsWith("cpu ", StringComparison.Ordinal))?.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields is not { Length: >= 5 })
            return null;
        var ticks = new double[8];
        for (var i = 0; i < Math.Min(ticks.Length, fields.Length - 1); i++)
        {
            if (!double.TryParse(fields[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out ticks[i]))
                return null;
        }

        // user nice system idle iowait irq softirq steal; guest time stands in user already
        var busy = ticks[0] + ticks[1] + ticks[2] + ticks[5] + ticks[6];
        return new CpuTimes((busy + ticks[3] + ticks[4] + ticks[7]) / TicksPerSecond, busy / TicksPerSecond, ticks[7] / TicksPerSecond);
    }
}
