using Baton.Contracts;

namespace Baton.Verification;

/// <summary>Results of clauses that have no check of their own to make them.</summary>
internal static class Found
{
    /// <summary>Nothing was measured.</summary>
    public static ClauseResult Unmeasured(string name, string demanded, EvidenceLevel evidence, Verdict verdict, string reason) => new()
    {
        Name = name,
        Verdict = verdict,
        Evidence = evidence,
        Demanded = demanded,
        Reason = reason,
    };

    /// <summary>What the contract demands under a name, in its own words: of the clause, or of the part of the contract that the clause is in.</summary>
    public static string Demand(Contract contract, string name) => Demands.Of(contract)
        .Where(d => name == d.Clause || name.StartsWith(d.Clause + ".", StringComparison.Ordinal))
        .OrderByDescending(d => d.Clause.Length).Select(d => d.Demand).FirstOrDefault("as claimed");
}
