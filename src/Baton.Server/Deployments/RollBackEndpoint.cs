using Baton.Contracts;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ids;
using Baton.Server.Platform.Ledger;
using Baton.Server.Registry;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Deployments;

/// <summary>
/// Takes an endpoint back to the version before the current one, past what was rolled back from. No gate is asked: the version served before, and going
/// back must not wait for a verdict.
/// </summary>
internal sealed class RollBackEndpoint(Writes writes, DeploymentsStore store, RegistryStore registry, Proofs proofs, IdSource ids)
{
    private const int MaxBody = 16 * 1024;

    public Task<Deployment> HandleAsync(Caller caller, EndpointName name, string? expectedCurrent, string? reason, CancellationToken cancellation) =>
        writes.RunAsync(caller, async change =>
        {
            var endpoint = await store.LockAsync(change, name.Value);
            var latest = endpoint.Latest ?? throw DeploymentsErrors.NoEndpoint(name.Value);
            DeploymentsErrors.RequireCurrent(endpoint, expectedCurrent);
            var current = endpoint.Current ?? throw DeploymentsErrors.OutOfService(latest);
            await registry.LockModelAsync(change, current.Model);
            var target = await BeforeAsync(change, current) ?? throw DeploymentsErrors.NothingBefore(current);
            var proof = await proofs.FindAsync(change.Sql, change.Project, target.Model, target.Version, target.PackageDigest);
            var back = target with
            {
                Id = ids.Next(),
                Kind = Deployment.Rollback,
                Previous = current.Version,
                Reason = reason,
                Actor = change.Caller.Actor.Name,
                At = change.Now,
                Verified = proof.Verified,
            };
            var seq = await change.RecordAsync("deployment.rolled_back", name.Subject, DecisionDetail.Of(back), proof.EvidenceDigest);
            await store.PutAsync(change, back with { Seq = seq });
            return back with { Seq = seq };
        }, cancellation);

    /// <summary>The deployment to go back to; one of a version that was deleted meanwhile is passed over.</summary>
    private async Task<Deployment?> BeforeAsync(Change change, Deployment current)
    {
        for (var id = current.ReturnsTo; id is not null;)
        {
            var before = (await store.FindDeploymentAsync(change.Sql, change.Project, id))!;
            if (before.Version != current.Version && await registry.FindVersionAsync(change.Sql, change.Project, before.Model, before.Version) is not null)
                return before;
            id = before.ReturnsTo;
        }

        return null;
    }

    public static void Map(IEndpointRouteBuilder routes) => routes.MapV1("POST", "endpoints/{endpoint}/rollback", Permission.WriteDeployments, async (
        string endpoint, HttpRequest request, Caller caller, RollBackEndpoint rollBack, CancellationToken cancellation) =>
    {
        var text = await request.ReadTextAsync(MaxBody, cancellation);
        var body = text.Length == 0 ? new Body(null, null) : Documents.Read<Body>(text);
        return DeploymentView.Answer(await rollBack.HandleAsync(caller, EndpointName.Parse(endpoint), body.ExpectedCurrent, body.Reason, cancellation));
    });

    private sealed record Body(string? ExpectedCurrent, string? Reason);
}
