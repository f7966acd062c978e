using Baton.Contracts;
using Baton.Database;
using Baton.Server.Handoff;
using Baton.Server.Registry;
using Baton.Server.Verification;

namespace Baton.Server.Promotion;

/// <summary>
/// What stands between a version and a stage. The default policy: under a contract in force a version needs a passing verdict on exactly this
/// contract, its present claims and its package, compared with what is in production now; without a contract it moves freely.
/// </summary>
internal sealed class Gate(HandoffStore handoffs, VerificationStore verifications, RegistryStore registry)
{
    public async Task<GateAnswer> ExamineAsync(Session sql, string project, ModelVersion version, string stage)
    {
        if (stage is not (Stages.Staging or Stages.Production))
            return GateAnswer.Ungated;
        if (await handoffs.FindInForceAsync(sql, project, version.Name) is not { } contract)
            return GateAnswer.Ungated;
        if (version.ManifestDigest is not { } package)
            return GateAnswer.Closed(null, RegistryErrors.Unsealed(version).Message);
        if (await handoffs.FindClaimsAsync(sql, project, version.Name, version.Version) is not { } claims)
            return GateAnswer.Closed(null, "no claims were submitted: hand it over first.");
        var finished = await verifications.FindFinishedAsync(sql, project, version.Name, version.Version, contract.Digest, claims.Digest, package);
        if (finished is null)
            return GateAnswer.Closed(null, await WhyNoneAsync(sql, project, version, contract.Digest));
        if (await StaleAsync(sql, project, version, contract, finished) is { } stale)
            return GateAnswer.Closed(null, stale);
        if (finished.Verdict == VerificationJobs.Word(Verdict.Pass))
            return new GateAnswer(true, "passed", Verdict.Pass, finished.EvidenceDigest, []);
        var evidence = (await verifications.FindEvidenceAsync(sql, project, finished.EvidenceDigest!))!;
        return new GateAnswer(
            false, "refused", evidence.Verdict, finished.EvidenceDigest,
            [.. evidence.Clauses.Where(c => c.Verdict != Verdict.Pass).Select(c => $"{c.Name}: {c.Reason}")]);
    }

    private async Task<string> WhyNoneAsync(Session sql, string project, ModelVersion version, string contractDigest)
    {
        var newest = (await verifications.ListAsync(sql, project, version.Name, version.Version, null)).FirstOrDefault();
        return newest switch
        {
            null => "it was not verified yet: hand it over first.",
            { State: "queued" or "running" } => $"its verification is {newest.State}: wait for the verdict.",
            { State: "failed" or "cancelled" } => $"its verification {newest.State}: {newest.Reason}. Verify it again.",
            _ when newest.ContractDigest != contractDigest => "its verdict is for an earlier contract: verify it again.",
            _ => "its claims changed after the verdict: verify it again.",
        };
    }

    /// <summary>Where the contract compares with production, the evidence must have compared with what is in production now.</summary>
    private async Task<string?> StaleAsync(Session sql, string project, ModelVersion version, ContractRecord contract, VerificationRecord finished)
    {
        if (ContractParser.ParseOrThrow(contract.Document).Metrics.All(m => m.AgainstProduction is null))
            return null;
        var current = await registry.FindInStageAsync(sql, project, version.Name, Stages.Production);
        if (current is null || current.Version == version.Version || current.Version == finished.ProductionVersion)
            return null;
        var compared = finished.ProductionVersion is { } then ? $"version {then}" : "nothing";
        return $"its evidence compares it with {compared} in production, where version {current.Version} is now: verify it again.";
    }
}

/// <summary>What the gate says.</summary>
/// <param name="Open">Whether the version may pass.</param>
/// <param name="Word"><c>passed</c>, <c>ungated</c> or <c>refused</c>.</param>
/// <param name="Verdict">The verdict it stands on, where there is one.</param>
/// <param name="EvidenceDigest">The evidence it stands on, where there is any.</param>
/// <param name="Reasons">Why it is closed.</param>
internal sealed record GateAnswer(bool Open, string Word, Verdict? Verdict, string? EvidenceDigest, IReadOnlyList<string> Reasons)
{
    public static readonly GateAnswer Ungated = new(true, "ungated", null, null, []);

    public static GateAnswer Closed(string? evidenceDigest, string reason) => new(false, "refused", null, evidenceDigest, [reason]);
}
