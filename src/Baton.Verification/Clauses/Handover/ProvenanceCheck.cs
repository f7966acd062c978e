using Baton.Contracts;

namespace Baton.Verification.Clauses.Handover;

/// <summary><c>provenance</c>: what made the model is known, as far as the contract asks, and what the claims say of it holds together.</summary>
internal static class ProvenanceCheck
{
    /// <summary>Judges the claims, by the contract's demand where there is one.</summary>
    public static ClauseResult Judge(Contract contract, Claims claims)
    {
        var (clause, code) = (contract.Provenance, claims.Code);
        var faults = new List<string>();
        if (code is { Dirty: true, Diff: null })
            faults.Add($"the tree was dirty at commit {Short(code.Commit)} and the changes were not kept, so the code that built the model is lost: commit them, or keep their diff and claim its digest (code.diff)");
        if (code?.Diff is { } diff && !Digests.IsDigest(diff))
            faults.Add($"the digest of the kept changes, '{diff}', is none (sha256: and 64 hex digits)");
        foreach (var fact in clause?.Require ?? [])
        {
            if (Missing(fact, claims) is { } missing)
                faults.Add(missing);
        }

        if (clause is { Licences.Count: > 0 } && claims.Licence is { } licence && !clause.Licences.Contains(licence, StringComparer.OrdinalIgnoreCase))
            faults.Add($"the model stands under {licence}, and the contract allows {Phrases.Some([.. clause.Licences], 10)}");
        else if (clause is { Licences.Count: > 0 } && claims.Licence is null)
            faults.Add($"the claims name no licence, and the contract allows {Phrases.Some([.. clause.Licences], 10)}");
        var facts = Facts(claims).ToList();
        return Found.Unmeasured(
            StandingChecks.Provenance, clause is null ? "no changes that nobody kept" : Found.Demand(contract, StandingChecks.Provenance),
            EvidenceLevel.Declared, faults.Count == 0 ? Verdict.Pass : Verdict.Fail,
            faults.Count > 0 ? Phrases.Sentence(faults)
                : facts.Count == 0 ? "The claims say nothing of the code, the run or the environment that made the model, and the contract does not ask."
                : $"The claims name {Phrases.Some([.. facts.Select(f => f.Label)], 10)}.") with
        { Facts = facts };
    }

    private static string? Missing(string fact, Claims claims) => fact switch
    {
        "commit" => claims.Code is { Commit.Length: > 0 } ? null : "the claims name no commit (code.commit)",
        "clean_tree" => claims.Code switch
        {
            { Dirty: false } => null,
            { Dirty: true, Diff: not null } => "the tree had changes that are not in the commit; their digest was kept, and the contract demands a clean tree",
            { Dirty: true } => "the contract demands a clean tree",
            _ => "the claims do not say whether the tree was clean (code.dirty)",
        },
        "run" => claims.RunId is { Length: > 0 } ? null : "the claims name no run (run_id)",
        "environment" => claims.Environment is { Count: > 0 } ? null : "the claims name no environment (environment: python, packages, lock_file)",
        "seed" => claims.Seed is { Length: > 0 } ? null : "the claims name no random seed (seed)",
        "licence" => claims.Licence is { Length: > 0 } ? null : "the claims name no licence (licence)",
        "base_model" => claims.BaseModel is { Length: > 0 } ? null : "the claims name no base model (base_model)",
        "data" => claims.Data.Any(d => d.Role == "training" && d.Sha256 is not null) ? null : "the claims name no training data with its whole digest (data: role training, sha256)",
        _ => $"the contract requires {fact}, which nothing here knows",
    };

    private static IEnumerable<Fact> Facts(Claims claims)
    {
        if (claims.Code is { } code)
        {
            yield return new Fact("commit", code.Commit + (code.Repository is { } repository ? $" of {repository}" : ""));
            yield return new Fact("tree", code.Dirty switch { null => "not said whether clean", false => "clean", true => code.Diff is { } diff ? $"changes kept as {diff}" : "dirty" });
        }

        if (claims.RunId is { Length: > 0 } run)
            yield return new Fact("run", run);
        if (claims.Environment is { Count: > 0 } environment)
            yield return new Fact("environment", string.Join(", ", environment.OrderBy(e => e.Key, StringComparer.Ordinal).Take(12).Select(e => $"{e.Key} {e.Value}")));
        if (claims.Seed is { Length: > 0 } seed)
            yield return new Fact("seed", seed);
        if (claims.Licence is { Length: > 0 } licence)
            yield return new Fact("licence", licence);
        if (claims.BaseModel is { Length: > 0 } origin)
            yield return new Fact("base model", origin);
    }

    private static string Short(string commit) => commit.Length > 12 ? commit[..12] : commit;
}
