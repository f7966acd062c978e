using Baton.Contracts;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ledger;
using Baton.Server.Registry;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Handoff;

/// <summary>
/// Proposes a contract for a model, or keeps it as a draft. The same contract again (its digest ignores comments and spelling) changes nothing. A proposal is
/// numbered by what it changes; several may stand beside each other until one is in force.
/// </summary>
internal sealed class ProposeContract(Writes writes, HandoffStore store, RegistryStore registry)
{
    private const int MaxDocument = 64 * 1024;

    public Task<ContractRecord> HandleAsync(Caller caller, ModelName model, string document, CancellationToken cancellation, bool draft = false)
    {
        var parsed = ContractParser.Parse(document);
        if (parsed.Contract is not { } contract || parsed.Problems.Count > 0)
            throw HandoffErrors.Unparsable(parsed);
        if (contract.Model != model.Value)
            throw new Refusal(ProblemCode.InvalidContract, $"The contract is of model '{contract.Model}', but it was sent for '{model}'.");
        return writes.RunAsync(caller, async change =>
        {
            if (!await registry.LockModelAsync(change, model.Value))
                throw RegistryErrors.NoModel(model.Value);
            return await ProposeAsync(change, model, contract, document, draft);
        }, cancellation);
    }

    /// <summary>The same within a write that has locked the model.</summary>
    public async Task<ContractRecord> ProposeAsync(Change change, ModelName model, Contract contract, string document, bool draft)
    {
        var digest = ContractCanon.Digest(contract);
        var contracts = await store.ListContractsAsync(change.Sql, change.Project, model.Value);
        var known = contracts.FirstOrDefault(c => c.Digest == digest);
        // What is proposed or in force stays; what is a draft may be drafted in other words.
        if (known is { Status: ContractRecord.Proposed or ContractRecord.InForce } || (draft && known?.Document == document))
            return known;
        var written = new ContractRecord { Model = model.Value, Digest = digest, Document = document, Status = draft ? ContractRecord.Draft : ContractRecord.Proposed };
        if (!draft)
            written = Numbered(written, contract, contracts);
        // An old contract comes back as a proposal: what was signed then is not signed now.
        await store.ForgetSignaturesAsync(change, model.Value, digest);
        await store.PutContractAsync(change, written);
        await change.RecordAsync(
            draft ? "contract.drafted" : "contract.proposed", model.Subject,
            new { contract = digest, version = written.Version, change = written.Change, compared_with = written.ComparedWith }, digest);
        return (await store.FindContractAsync(change.Sql, change.Project, model.Value, digest))!;
    }

    /// <summary>
    /// Counts from the contract in force, else from the newest proposal: that is what people rely on or talk about. A number that another proposal took
    /// already is passed over.
    /// </summary>
    private static ContractRecord Numbered(ContractRecord proposed, Contract contract, IReadOnlyList<ContractRecord> contracts)
    {
        var numbered = contracts.Where(c => c.Version is not null && c.Digest != proposed.Digest).ToList();
        var before = numbered.FirstOrDefault(c => c.Status == ContractRecord.InForce) ?? (numbered.Count > 0 ? numbered[0] : null);
        if (before is null)
            return proposed with { Version = ContractVersion.First.ToString() };
        var kind = ContractDiff.Kind(ContractDiff.Between(ContractParser.ParseOrThrow(before.Document), contract)) ?? ChangeKind.Editorial;
        var version = ContractVersion.Parse(before.Version!).After(kind);
        while (numbered.Any(c => c.Version == version.ToString()))
            version = version.After(kind);
        return proposed with { Version = version.ToString(), Change = kind.ToString().ToLowerInvariant(), ComparedWith = before.Digest };
    }

    public static void Map(IEndpointRouteBuilder routes) => routes.MapV1("PUT", "models/{name}/contract", Permission.WriteHandoff, async (
        string name, bool? draft, HttpRequest request, Caller caller, ProposeContract propose, CancellationToken cancellation) =>
        ContractView.Answer(await propose.HandleAsync(
            caller, ModelName.Parse(name), await request.ReadTextAsync(MaxDocument, cancellation), cancellation, draft ?? false)));
}
