using Baton.Contracts;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ledger;
using Baton.Server.Registry;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Handoff;

/// <summary>Rejects a proposal with a reason: it is a draft again, and its signatures count no longer.</summary>
internal sealed class RejectContract(Writes writes, HandoffStore store, RegistryStore registry)
{
    private const int MaxBody = 16 * 1024;

    public Task<ContractRecord> HandleAsync(Caller caller, ModelName model, string digest, string? reason, CancellationToken cancellation)
    {
        var why = Prose.Required(reason, "reason");
        return writes.RunAsync(caller, async change =>
        {
            await registry.LockModelAsync(change, model.Value);
            var contract = await store.FindContractAsync(change.Sql, change.Project, model.Value, digest) ?? throw HandoffErrors.NoSuchContract(model.Value, digest);
            if (contract.Status != ContractRecord.Proposed)
                throw Refusal.NotReady($"The contract {Digests.Short(digest)} is {contract.Status.Replace('_', ' ')}: only a proposal can be rejected.");
            await store.ForgetSignaturesAsync(change, model.Value, digest);
            await store.TakeBackAsync(change, model.Value, digest);
            await change.RecordAsync("contract.rejected", model.Subject, new { contract = digest, version = contract.Version, reason = why }, digest);
            return (await store.FindContractAsync(change.Sql, change.Project, model.Value, digest))!;
        }, cancellation);
    }

    public static void Map(IEndpointRouteBuilder routes) => routes.MapV1("POST", "models/{name}/contract/rejections", Permission.WriteHandoff, async (
        string name, HttpRequest request, Caller caller, RejectContract reject, CancellationToken cancellation) =>
    {
        var body = Documents.Read<Body>(await request.ReadTextAsync(MaxBody, cancellation));
        if (!Digests.IsDigest(body.Digest))
            throw Refusal.Invalid("A rejection names what it rejects: {\"digest\": \"sha256:…\", \"reason\": \"…\"}.");
        return ContractView.Answer(await reject.HandleAsync(caller, ModelName.Parse(name), body.Digest!, body.Reason, cancellation));
    });

    private sealed record Body(string? Digest, string? Reason);
}
