using Baton.Contracts;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ledger;
using Baton.Server.Registry;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Handoff;

/// <summary>Proposes a contract for a model. The same contract again (its digest ignores comments and spelling) changes nothing.</summary>
internal sealed class ProposeContract(Writes writes, HandoffStore store, RegistryStore registry)
{
    private const int MaxDocument = 64 * 1024;

    public Task<ContractRecord> HandleAsync(Caller caller, ModelName model, string document, CancellationToken cancellation)
    {
        var parsed = ContractParser.Parse(document);
        if (parsed.Contract is not { } contract || parsed.Problems.Count > 0)
            throw HandoffErrors.Unparsable(parsed);
        if (contract.Model != model.Value)
            throw new Refusal(ProblemCode.InvalidContract, $"The contract is of model '{contract.Model}', but it was sent for '{model}'.");
        var digest = ContractCanon.Digest(contract);
        return writes.RunAsync(caller, async change =>
        {
            if (!await registry.LockModelAsync(change, model.Value))
                throw RegistryErrors.NoModel(model.Value);
            var known = await store.FindContractAsync(change.Sql, change.Project, model.Value, digest);
            if (known is null)
                await store.InsertContractAsync(change, new ContractRecord { Model = model.Value, Digest = digest, Document = document });
            else if (known.Status == ContractRecord.Superseded)
            {
                // An old contract comes back as a proposal: what was signed then is not signed now.
                await store.ForgetSignaturesAsync(change, model.Value, digest);
                await store.ProposeAgainAsync(change, model.Value, digest);
            }
            else
                return known;

            await change.RecordAsync("contract.proposed", model.Subject, new { contract = digest }, digest);
            return (await store.FindContractAsync(change.Sql, change.Project, model.Value, digest))!;
        }, cancellation);
    }

    public static void Map(IEndpointRouteBuilder routes) => routes.MapV1("PUT", "models/{name}/contract", Permission.WriteHandoff, async (
        string name, HttpRequest request, Caller caller, ProposeContract propose, CancellationToken cancellation) =>
        ContractView.Answer(await propose.HandleAsync(caller, ModelName.Parse(name), await request.ReadTextAsync(MaxDocument, cancellation), cancellation)));
}
