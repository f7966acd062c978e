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
/// Signs a contract for one side. Signed by as many of each side as the project's policy asks for, it is in force and supersedes the one before. In solo mode
/// one person may sign both sides; the ledger then says so.
/// </summary>
internal sealed class SignContract(Writes writes, HandoffStore store, RegistryStore registry, Sides sides)
{
    private const int MaxBody = 4096;

    public Task<ContractRecord> HandleAsync(Caller caller, ModelName model, string digest, string side, CancellationToken cancellation)
    {
        if (!Signature.Sides.Contains(side))
            throw Refusal.Invalid($"'{side}' is no side of a contract: expected {string.Join(" or ", Signature.Sides)}.");
        return writes.RunAsync(caller, async change =>
        {
            await registry.LockModelAsync(change, model.Value);
            var contract = await store.FindContractAsync(change.Sql, change.Project, model.Value, digest)
                ?? throw Refusal.NotFound($"{model} has no contract {digest}.");
            if (contract.Status == ContractRecord.Superseded)
                throw Refusal.NotReady($"The contract {Digests.Short(digest)} is superseded: propose it again first.");
            if (contract.Status == ContractRecord.Draft)
                throw Refusal.NotReady($"The contract {Digests.Short(digest)} is a draft: propose it first.");
            // Who signed already has nothing left to be asked.
            if (contract.Signatures.Any(s => s.Side == side && s.Actor == caller.Actor.Name))
                return contract;
            var policy = await sides.PolicyAsync(change.Sql, change.Project);
            await sides.CheckSignerAsync(change.Sql, caller, policy, contract, side);
            if (!await store.SignAsync(change, model.Value, digest, side))
                return contract;
            await change.RecordAsync("contract.signed", model.Subject, new { contract = digest, version = contract.Version, side }, digest);
            contract = (await store.FindContractAsync(change.Sql, change.Project, model.Value, digest))!;
            if (contract.Status == ContractRecord.Proposed && Signature.Sides.All(s => contract.Signatures.Count(signed => signed.Side == s) >= policy.Needs(s)))
            {
                await store.PutInForceAsync(change, model.Value, digest);
                var oneSigner = contract.Signatures.Select(s => s.Actor).Distinct().Count() == 1;
                await change.RecordAsync(
                    "contract.in_force", model.Subject, new { contract = digest, version = contract.Version, signed_by_one_person = oneSigner, solo = policy.Solo }, digest);
            }

            return (await store.FindContractAsync(change.Sql, change.Project, model.Value, digest))!;
        }, cancellation);
    }

    public static void Map(IEndpointRouteBuilder routes) => routes.MapV1("POST", "models/{name}/contract/signatures", Permission.WriteHandoff, async (
        string name, HttpRequest request, Caller caller, SignContract sign, CancellationToken cancellation) =>
    {
        var body = Documents.Read<Body>(await request.ReadTextAsync(MaxBody, cancellation));
        if (!Digests.IsDigest(body.Digest))
            throw Refusal.Invalid("A signature names what it signs: {\"digest\": \"sha256:…\", \"side\": \"model\"}.");
        return ContractView.Answer(await sign.HandleAsync(caller, ModelName.Parse(name), body.Digest!, body.Side ?? "", cancellation));
    });

    private sealed record Body(string? Digest, string? Side);
}
