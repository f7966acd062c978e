using Baton.Database;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Errors;

namespace Baton.Server.Handoff;

/// <summary>
/// Who may act for which side. The author of a model (who submitted claims of it) and whoever signed for the other side do not act for this one, unless
/// the project's policy is solo.
/// </summary>
internal sealed class Sides(HandoffStore store)
{
    /// <summary>The policy of a project; the default one where none was set.</summary>
    public async Task<HandoffPolicy> PolicyAsync(Session sql, string project) => await store.FindPolicyAsync(sql, project) ?? new HandoffPolicy();

    /// <summary>Throws where somebody may not sign a contract for a side.</summary>
    public async Task CheckSignerAsync(Session sql, Caller caller, HandoffPolicy policy, ContractRecord contract, string side)
    {
        var actor = caller.Actor.Name;
        if (policy.Signers(side) is { Count: > 0 } named && !named.Contains(actor))
            throw NotAllowed($"{actor} may not sign for the {side} side: the project's policy names {string.Join(", ", named)}.");
        if (policy.Solo)
            return;
        if (contract.Signatures.FirstOrDefault(s => s.Side != side && s.Actor == actor) is { } other)
            throw NotAllowed($"{actor} signed for the {other.Side} side: somebody else signs for the {side} side.");
        if (side == Signature.ServiceSide && await store.IsAuthorAsync(sql, caller.Project, contract.Model, null, actor))
            throw NotAllowed($"{actor} submitted claims of {contract.Model}: an author does not sign for the service side.");
    }

    /// <summary>Throws where somebody may not act for the service side of a model.</summary>
    public async Task CheckServiceAsync(Session sql, Caller caller, string model, string what)
    {
        var actor = caller.Actor.Name;
        var policy = await PolicyAsync(sql, caller.Project);
        if (policy.ServiceSigners is { Count: > 0 } named ? named.Contains(actor) : policy.Solo)
            return;
        if (policy.ServiceSigners.Count > 0)
            throw NotAllowed($"{actor} may not {what}: only the service side may, and the project's policy names {string.Join(", ", policy.ServiceSigners)}.");
        if (await store.IsAuthorAsync(sql, caller.Project, model, null, actor) || await SignedForModelAsync(sql, caller.Project, model, actor))
            throw NotAllowed($"{actor} acted for the model side of {model}: only the service side may {what}.");
    }

    private async Task<bool> SignedForModelAsync(Session sql, string project, string model, string actor) =>
        (await store.ListContractsAsync(sql, project, model)).Any(c => c.Signatures.Any(s => s.Side == Signature.ModelSide && s.Actor == actor));

    private static Refusal NotAllowed(string detail) => new(ProblemCode.NotAllowed, detail);
}
