using System.Globalization;
using System.IO.Enumeration;
using Baton.Contracts;
using Baton.Verification.Clauses;

namespace Baton.Verification.Hardware;

/// <summary>Whether a measurement counts for a clause: the machine it was made on against the machine that the clause names.</summary>
internal static class MachineMatch
{
    /// <summary>What does not match, as a sentence with what was expected and what was found; null where all does.</summary>
    /// <param name="demand">The machine that the clause names; null for any.</param>
    /// <param name="machine">The machine as it was found, whatever its labels say.</param>
    /// <param name="ran">Whether the model has run, so that its provider is known.</param>
    public static string? Mismatch(MachineDemand? demand, Machine machine, bool ran)
    {
        if (demand is null)
            return null;
        string?[] parts =
        [
            demand.Cpu is { } cpu && !Matches(cpu, machine.Cpu) ? $"CPU {cpu}, found {machine.Cpu}" : null,
            demand.Cores is { } cores && machine.Cores > cores ? $"at most {Cores(cores)}, found {Cores(machine.Cores)}" : null,
            demand.Memory is { } memory && machine.MemoryBytes > memory ? $"at most {Phrases.Size(memory)} of memory, found {Phrases.Size(machine.MemoryBytes)}" : null,
            demand.Gpu is { } gpu && machine.Gpus?.Any(g => Matches(gpu, g.Name)) != true ? $"GPU {gpu}, found {Gpus(machine)}" : null,
            ran && demand.Provider is { } provider && machine.Provider != provider ? $"execution provider {provider}, and the model ran on {machine.Provider ?? "none"}" : null,
        ];
        var wrong = parts.OfType<string>().ToList();
        return wrong.Count == 0 ? null : $"A measurement on this machine does not count: expected {string.Join("; ", wrong)}. Run an agent on the machine that the clause names.";
    }

    private static bool Matches(string pattern, string name) => FileSystemName.MatchesSimpleExpression(pattern, name.Trim(), ignoreCase: true);

    private static string Cores(double cores) => string.Create(CultureInfo.InvariantCulture, $"{cores:0.##} core{(cores == 1 ? "" : "s")}");

    private static string Gpus(Machine machine) => machine.Gpus is { Count: > 0 } gpus ? Phrases.Some([.. gpus.Select(g => g.Name)]) : "none";
}
