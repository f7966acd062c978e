using Baton.Contracts;
using Baton.Database;

namespace Baton.Server.Handoff;

/// <summary>What has been found for the clauses of a contract. Evidence is a later leg's, which says it through this.</summary>
internal interface IMeasuredClauses
{
    /// <summary>The newest evidence under a contract: of which version, its digest, and what it found for each clause. Null where there is none.</summary>
    Task<(long Version, string EvidenceDigest, IReadOnlyList<ClauseResult> Clauses)?> NewestAsync(Session sql, string project, string model, string contractDigest);
}
