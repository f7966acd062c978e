using Baton.Contracts;
using Baton.Database;
using Baton.Server.Handoff;
using Baton.Server.Verification;

namespace Baton.Server.Deployments;

/// <summary>What is known of a version that serves: its newest verdict under the contract in force, for exactly its package.</summary>
internal sealed class Proofs(HandoffStore handoffs, VerificationStore verifications)
{
    public async Task<Proof> FindAsync(Session sql, string project, string model, long version, string package)
    {
        if (await handoffs.FindInForceAsync(sql, project, model) is not { } contract)
            return Proof.None;
        var newest = (await verifications.ListAsync(sql, project, model, version, null))
            .Where(v => v.State == "finished" && v.ContractDigest == contract.Digest && v.PackageDigest == package)
            .MaxBy(v => v.FinishedAt);
        return newest is null ? Proof.None : new Proof(newest.Verdict == VerificationJobs.Word(Verdict.Pass), newest.EvidenceDigest, newest.ClaimsDigest);
    }

    public async Task<Deployment> OfAsync(Session sql, string project, Deployment deployment) =>
        deployment with { Verified = (await FindAsync(sql, project, deployment.Model, deployment.Version, deployment.PackageDigest)).Verified };
}

/// <summary>A verdict and what it stands on.</summary>
/// <param name="Verified">Whether it is <c>pass</c>.</param>
/// <param name="EvidenceDigest">The evidence, where there is any.</param>
/// <param name="ClaimsDigest">The claims that were verified.</param>
internal sealed record Proof(bool Verified, string? EvidenceDigest, string? ClaimsDigest)
{
    public static readonly Proof None = new(false, null, null);
}
