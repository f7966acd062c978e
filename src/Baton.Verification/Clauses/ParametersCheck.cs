using Baton.Contracts;

namespace Baton.Verification.Clauses;

/// <summary><c>parameters</c>: the model learned as many values as the claims say.</summary>
internal static class ParametersCheck
{
    /// <summary>Compares the claims with the model file.</summary>
    public static ClauseResult Judge(ParameterClaim claimed, Package package)
    {
        var found = package.Description?.Parameters;
        var differences = new List<string>();
        if (found is not null)
        {
            foreach (var kind in claimed.ByKind.Keys.Union(found.ByKind.Keys).Order(StringComparer.Ordinal))
            {
                var (said, there) = (claimed.ByKind.GetValueOrDefault(kind), found.ByKind.GetValueOrDefault(kind));
                if (said != there)
                    differences.Add($"the claims say {Phrases.Number(said)} {kind}, and the file has {Phrases.Number(there)}");
            }

            if (claimed.Total != found.Total && differences.Count == 0)
                differences.Add($"the claims say {Phrases.Number(claimed.Total)} in all, and the file has {Phrases.Number(found.Total)}");
        }

        return new ClauseResult
        {
            Name = "parameters",
            Verdict = found is not null && differences.Count == 0 && claimed.Total == found.Total ? Verdict.Pass : Verdict.Fail,
            Evidence = EvidenceLevel.Extracted,
            Demanded = "as claimed",
            Unit = "learned values",
            Claimed = claimed.Total,
            Measured = found is null ? null : (Reading)found.Total,
            Reason = package.Fault
                ?? (differences.Count == 0
                    ? $"{Phrases.Number(found!.Total)} learned values, as claimed."
                    : $"{Phrases.Sentence(differences)} Write the claims anew from this package."),
            Facts = found is null ? [] : [.. found.ByKind.OrderBy(k => k.Key, StringComparer.Ordinal).Select(k => new Fact(k.Key, Phrases.Number(k.Value)))],
        };
    }
}
