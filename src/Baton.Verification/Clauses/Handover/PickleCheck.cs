using Baton.Contracts;
using Baton.Verification.Pickles;

namespace Baton.Verification.Clauses.Handover;

/// <summary><c>security.pickle</c>: the package has no pickle, or none that does anything but hold values when it is read.</summary>
internal static class PickleCheck
{
    /// <summary>The clause's name.</summary>
    public const string Name = "security.pickle";

    /// <summary>Looks through the package.</summary>
    public static ClauseResult Judge(Contract contract, string root, Package package)
    {
        var pickles = PickleFiles.Find(Path.GetFullPath(root), package.Manifest.Files.Select(f => f.Path)).ToList();
        var harmful = pickles.Where(p => p.Harm is not null).Select(p => $"{p.Path} {p.Harm}").ToList();
        var (verdict, reason) = contract.Security!.Pickle switch
        {
            "forbidden" when pickles.Count > 0 => (Verdict.Fail, $"The package has {Phrases.Count(pickles.Count, "pickle")}, and the contract forbids them: {Phrases.Some([.. pickles.Select(p => p.Path)])}. "
                + "Leave them out, or keep what they hold in another format."),
            "scanned" when harmful.Count > 0 => (Verdict.Fail, $"{Phrases.Sentence(harmful)} Whoever reads such a file runs what it says; keep what it holds in another format."),
            _ when pickles.Count == 0 => (Verdict.Pass, "The package has no pickle."),
            "scanned" => (Verdict.Pass, $"{Phrases.Count(pickles.Count, "pickle")}, of values only: nothing is run when {(pickles.Count == 1 ? "it is" : "they are")} read."),
            _ => (Verdict.Pass, $"The contract allows pickles; the package has {Phrases.Number(pickles.Count)}."),
        };
        return Found.Unmeasured(Name, Found.Demand(contract, Name), EvidenceLevel.Extracted, verdict, reason) with
        {
            Facts = [.. pickles.Take(50).Select(p => new Fact(p.Path, p.Harm ?? "values only"))],
        };
    }
}
