using Baton.Contracts;
using Baton.Database;
using Baton.Server.Handoff;

namespace Baton.Server.Verification;

/// <summary>Tells the handoff what has been found for the clauses of a contract.</summary>
internal sealed class MeasuredClauses(VerificationStore store) : IMeasuredClauses
{
    public async Task<(long Version, string EvidenceDigest, IReadOnlyList<ClauseResult> Clauses)?> NewestAsync(Session sql, string project, string model, string contractDigest)
    {
        if (await store.FindNewestAsync(sql, project, model, contractDigest) is not { EvidenceDigest: { } digest } newest)
            return null;
        return (newest.Version, digest, (await store.FindEvidenceAsync(sql, project, digest))!.Clauses);
    }
}
