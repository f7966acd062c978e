using Baton.Contracts;
using Baton.Database;
using Baton.Server.Handoff;
using Baton.Server.Platform.Ids;
using Baton.Server.Registry;
using Baton.Server.Verification;

namespace Baton.Server.Promotion;

/// <summary>
/// What stands between a version and a stage. The default policy: under a contract in force a version needs a passing verdict on exactly this
/// contract, its present claims and its package, compared with what is in production now; without a contract it moves freely. A clause that is waived at the moment
/// of asking does not close it; its verdict stays what it is.
/// </summary>
internal sealed class Gate(HandoffStore handoffs, VerificationStore verifications, PromotionStore waivers, Staleness staleness, TimeProvider time)
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
        if (await staleness.OtherProductionAsync(sql, project, contract, finished) is { } now)
            return GateAnswer.Closed(null, $"its evidence compares it with {Compared(finished)} in production, where version {now.Version} is now: verify it again.");
        if (finished.Verdict == VerificationJobs.Word(Verdict.Pass))
            return new GateAnswer(true, "passed", Verdict.Pass, finished.EvidenceDigest, []);
        var evidence = (await verifications.FindEvidenceAsync(sql, project, finished.EvidenceDigest!))!;
        var open = evidence.Clauses.Where(c => c.Verdict != Verdict.Pass).ToList();
        var (at, given) = (time.Micros(), await waivers.ListWaiversAsync(sql, project, version.Name));
        List<WaivedClause> waived = [.. open.Select(c => (Clause: c, Waiver: given.FirstOrDefault(w => w.Waives(c.Name, version.Version, at))))
            .Where(c => c.Waiver is not null).Select(c => new WaivedClause(c.Clause.Name, c.Clause.Verdict, c.Waiver!))];
        List<string> reasons = [.. open.Where(c => waived.TrueForAll(w => w.Clause != c.Name)).Select(c => $"{c.Name}: {c.Reason}{Expired(given, c.Name, version.Version, at)}")];
        return new GateAnswer(reasons.Count == 0, reasons.Count == 0 ? "waived" : "refused", evidence.Verdict, finished.EvidenceDigest, reasons) { Waived = waived };
    }

    private static string Compared(VerificationRecord finished) => finished.ProductionVersion is { } then ? $"version {then}" : "nothing";

    private static string Expired(IReadOnlyList<Waiver> given, string clause, long version, long at) =>
        given.FirstOrDefault(w => w.Clause == clause && (w.Version == 0 || w.Version == version) && w.StateAt(at) == "expired") is { } waiver
            ? $" Its waiver expired on {Instants.FromMicros(waiver.ExpiresAt):yyyy-MM-dd}."
            : "";

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
}

/// <summary>What the gate says.</summary>
/// <param name="Open">Whether the version may pass.</param>
/// <param name="Word"><c>passed</c>, <c>waived</c> where waivers opened it, <c>ungated</c> or <c>refused</c>.</param>
/// <param name="Verdict">The verdict it stands on, where there is one.</param>
/// <param name="EvidenceDigest">The evidence it stands on, where there is any.</param>
/// <param name="Reasons">Why it is closed.</param>
internal sealed record GateAnswer(bool Open, string Word, Verdict? Verdict, string? EvidenceDigest, IReadOnlyList<string> Reasons)
{
    /// <summary>Clauses that were not kept and are waived now.</summary>
    public IReadOnlyList<WaivedClause> Waived { get; init; } = [];

    public static readonly GateAnswer Ungated = new(true, "ungated", null, null, []);

    public static GateAnswer Closed(string? evidenceDigest, string reason) => new(false, "refused", null, evidenceDigest, [reason]);
}

/// <summary>A clause that does not close the gate although it was not kept.</summary>
internal sealed record WaivedClause(string Clause, Verdict Verdict, Waiver Waiver);
