using Baton.Database;
using Baton.Server.Platform.References;

namespace Baton.Server.Handoff;

/// <summary>Keeps contracts, claims and handoffs under the names of models: evidence and ledger go on speaking of them.</summary>
internal sealed class ContractedModels(HandoffStore store) : IModelHolder
{
    public async Task<IReadOnlyList<string>> HoldsAsync(Session sql, string project, string model) => await store.KeepsAsync(sql, project, model)
        ? ["a contract was proposed for it or claims were submitted of its versions, and the ledger names them by the model."]
        : [];
}
