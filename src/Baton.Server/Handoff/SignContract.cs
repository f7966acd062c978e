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
/// Signs a contract for one side. Signed by both it is in force and supersedes the one before. One person may sign both sides; the ledger then says so.
/// </summary>
internal sealed class SignContract(Writes writes, HandoffStore store, RegistryStore registry)
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
            if (!await store.SignAsync(change, model.Value, digest, side))
                return contract;
            await change.RecordAsync("contract.signed", model.Subject, new { contract = digest, side }, digest);
            contract = (await store.FindContractAsync(change.Sql, change.Project, model.Value, digest))!;
            if (Signature.Sides.All(s => contract.Signatures.Any(signed => signed.Side == s)))
            {
                await store.PutInForceAsync(change, model.Value, digest);
                var oneSigner = contract.Signatures.Select(s => s.Actor).Distinct().Count() == 1;
                await change.RecordAsync("contract.in_force", model.Subject, new { contract = digest, signed_by_one_person = oneSigner }, digest);
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
