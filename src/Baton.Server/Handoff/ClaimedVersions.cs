using Baton.Database;
using Baton.Server.Platform.References;

namespace Baton.Server.Handoff;

/// <summary>Holds the versions that claims were made of: evidence and ledger go on speaking of them.</summary>
internal sealed class ClaimedVersions(HandoffStore store) : IVersionHolder
{
    public async Task<IReadOnlyList<string>> HoldsAsync(Session sql, string project, string model, long version) =>
        await store.FindClaimsAsync(sql, project, model, version) is { } claims ? [$"claims of it were submitted by {claims.SubmittedBy}, and evidence may stand on them."] : [];
}
