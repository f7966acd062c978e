using Baton.Contracts;
using Baton.Inference;

namespace Baton.Verification.Clauses;

/// <summary><c>framework</c>: format, exporter, operator sets, IR version and precision are what the claims say, and the runtime knows the operators.</summary>
internal static class FrameworkCheck
{
    // What ONNX Runtime's CPU build has operators of; whether it has this very one, loading the model tells.
    private static readonly string[] KnownDomains =
        ["ai.onnx", "ai.onnx.ml", "com.microsoft", "com.microsoft.nchwc", "com.microsoft.experimental", "com.ms.internal.nhwc", "ai.onnx.training", "ai.onnx.preview.training", "org.pytorch.aten"];

    /// <summary>Compares the claims with the model file.</summary>
    public static ClauseResult Judge(FrameworkClaim claimed, Package package)
    {
        var found = package.Description;
        var differences = found is null ? [] : Differences(claimed, found).ToList();
        return new ClauseResult
        {
            Name = "framework",
            Verdict = found is not null && differences.Count == 0 ? Verdict.Pass : Verdict.Fail,
            Evidence = EvidenceLevel.Extracted,
            Demanded = "as claimed",
            Claimed = Phrase(claimed.Format, claimed.Name, claimed.Version, claimed.IrVersion, claimed.Opsets),
            Measured = found is null ? null : (Reading)Phrase(found),
            Reason = package.Fault
                ?? (differences.Count == 0 ? $"{Phrase(found!)}, as claimed." : $"{Phrases.Sentence(differences)} Write the claims anew from this package, or export the model with what the runtime has."),
            Facts =
            [
                .. differences.Select(d => new Fact("differs", d)),
                .. found?.Precision is { } precision ? new[] { new Fact("precision", precision) } : [],
                .. found is { Operators.Count: > 0 } ? new[] { new Fact("operators", Phrases.Some(found.Operators, 30)) } : [],
            ],
        };
    }

    private static IEnumerable<string> Differences(FrameworkClaim claimed, ModelDescription found)
    {
        if (claimed.Format != "onnx")
            yield return $"the claims say format {claimed.Format}, and the file is onnx";
        if (claimed.Name != found.ProducerName)
            yield return $"the claims say framework {Quoted(claimed.Name)}, and the file says {Quoted(found.ProducerName)}";
        if (claimed.Version != found.ProducerVersion)
            yield return $"the claims say version {Quoted(claimed.Version)} of {claimed.Name}, and the file says {Quoted(found.ProducerVersion)}";
        if (claimed.IrVersion != found.IrVersion)
            yield return $"the claims say IR version {claimed.IrVersion}, and the file has {found.IrVersion}";
        if (claimed.Precision is { } precision && found.Precision is { } stored && precision != stored)
            yield return $"the claims say precision {precision}, and the learned values are stored as {stored}";
        foreach (var operation in found.Operators.Where(o => !KnownDomains.Contains(o.Split(' ')[0])).Take(5))
            yield return $"the runtime has no operator {operation.Split(' ')[1]} of domain {operation.Split(' ')[0]}";
        foreach (var domain in claimed.Opsets.Keys.Union(found.Opsets.Keys).Order(StringComparer.Ordinal))
        {
            long? said = claimed.Opsets.TryGetValue(domain, out var c) ? c : null;
            long? there = found.Opsets.TryGetValue(domain, out var f) ? f : null;
            if (said != there)
                yield return $"the claims say operator set {domain} {Or(said)}, and the file has {Or(there)}";
        }
    }

    private static string Phrase(ModelDescription found) => Phrase("onnx", found.ProducerName, found.ProducerVersion, found.IrVersion, found.Opsets);

    private static string Phrase(string format, string name, string version, long ir, IReadOnlyDictionary<string, long> opsets)
    {
        var sets = string.Join(", ", opsets.OrderBy(o => o.Key, StringComparer.Ordinal).Select(o => $"{o.Key} {o.Value}"));
        return $"{format.ToUpperInvariant()} by {$"{name} {version}".Trim()}, IR {ir}, {sets}";
    }

    private static string Quoted(string text) => text.Length == 0 ? "nothing" : $"'{text}'";

    private static string Or(long? version) => version?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "none";
}
