using System.Globalization;

namespace Baton.Verification.Hardware;

/// <summary>What else went on while something was measured. Each is null where the machine does not tell.</summary>
/// <param name="Steal">Share of the CPU time that the hypervisor gave away.</param>
/// <param name="OtherLoad">Share of the machine's CPU time that went to anything but what was measured.</param>
/// <param name="Pressure">Share of the time in which some task waited for a CPU, its own among them (<c>/proc/pressure/cpu</c>).</param>
/// <param name="LoadPerCore">Load average over cores before it began.</param>
internal sealed record MachineNoise(double? Steal, double? OtherLoad, double? Pressure, double LoadPerCore)
{
    private const double MostSteal = 0.02;
    private const double MostOtherLoad = 0.2;
    private const double MostLoadPerCore = 0.5;

    /// <summary>What makes times measured meanwhile noisy, as parts of a sentence; empty for a quiet machine.</summary>
    public IReadOnlyList<string> Signs =>
    [
        .. Sign(Steal > MostSteal, $"{Percent(Steal)} of the CPU time was stolen by the hypervisor"),
        .. Sign(OtherLoad > MostOtherLoad, $"other processes took {Percent(OtherLoad)} of the CPU"),
        // The load average of the last minute may be our own; it counts only where nothing better is known.
        .. Sign(OtherLoad is null && LoadPerCore > MostLoadPerCore, string.Create(CultureInfo.InvariantCulture, $"the machine was busy when it began (load {LoadPerCore:0.0} a core)")),
    ];

    /// <summary>The figures in one line.</summary>
    public string Words => string.Join(", ", new[]
    {
        string.Create(CultureInfo.InvariantCulture, $"load {LoadPerCore:0.00} a core when it began"),
        OtherLoad is null ? null : $"other processes {Percent(OtherLoad)} of the CPU",
        Steal is null ? null : $"stolen {Percent(Steal)}",
        Pressure is null ? null : $"waiting for a CPU {Percent(Pressure)} of the time",
    }.OfType<string>());

    private static string[] Sign(bool shows, string words) => shows ? [words] : [];

    private static string Percent(double? share) => string.Create(CultureInfo.InvariantCulture, $"{(share ?? 0) * 100:0.#} %");
}
