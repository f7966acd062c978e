using Baton.Contracts;

namespace Baton.Client;

public sealed partial class BatonClient
{
    /// <summary>Moves a version into a stage. <c>gate_refused</c> (409) tells the verdict and why; <c>stage_moved</c> (409) that another was faster.</summary>
    /// <param name="model">Registered model.</param>
    /// <param name="version">Version.</param>
    /// <param name="stage"><c>staging</c> or <c>production</c>.</param>
    /// <param name="expectedCurrent">Version that must be in the stage now; null for any.</param>
    /// <param name="reason">Why, for the ledger.</param>
    /// <param name="cancel">Stops the call.</param>
    public Task<PromotionRecord> PromoteAsync(
        string model, string version, string stage, string? expectedCurrent = null, string? reason = null, CancellationToken cancel = default) =>
        PostAsync<PromotionRecord>($"{Version(model, version)}/promotions", new { stage, expected_current = expectedCurrent, reason }, cancel);

    /// <summary>Which version is in which stage.</summary>
    public async Task<IReadOnlyList<StageRecord>> GetStagesAsync(string model, CancellationToken cancel = default) =>
        (await GetAsync<StageListing>($"{Model(model)}/stages", cancel).ConfigureAwait(false)).Stages;

    /// <summary>What the gate would say, without moving.</summary>
    public Task<GateRecord> GetGateAsync(string model, string version, string stage, CancellationToken cancel = default) =>
        GetAsync<GateRecord>(Query($"{Version(model, version)}/gate", ("stage", stage)), cancel);

    private sealed record StageListing(IReadOnlyList<StageRecord> Stages);
}

/// <summary>A version's move into a stage.</summary>
public sealed record PromotionRecord
{
    /// <summary>Registered model.</summary>
    public required string Model { get; init; }

    /// <summary>Version.</summary>
    public required string Version { get; init; }

    /// <summary>Stage.</summary>
    public required string Stage { get; init; }

    /// <summary>Version that was there before.</summary>
    public string? Previous { get; init; }

    /// <summary><c>passed</c>, <c>waived</c> where waivers opened it, or <c>ungated</c> for a version without a contract.</summary>
    public required string Gate { get; init; }

    /// <summary>Digest of the evidence that opened the gate.</summary>
    public string? EvidenceDigest { get; init; }

    /// <summary>When, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Who.</summary>
    public required string Actor { get; init; }
}

/// <summary>The version in a stage.</summary>
/// <param name="Stage">Stage.</param>
/// <param name="Version">Version.</param>
/// <param name="Since">Since when, UTC.</param>
/// <param name="By">Who moved it there.</param>
public sealed record StageRecord(string Stage, string? Version, DateTimeOffset? Since, string? By);

/// <summary>What the gate to a stage says of a version.</summary>
/// <param name="Open">Whether it may pass.</param>
/// <param name="Verdict">Verdict it stands on.</param>
/// <param name="Reasons">Why it may not.</param>
/// <param name="Gate"><c>passed</c>, <c>waived</c>, <c>ungated</c> or <c>refused</c>.</param>
/// <param name="Waived">Clauses that were not kept and are waived now.</param>
/// <param name="EvidenceDigest">Evidence it stands on.</param>
public sealed record GateRecord(
    bool Open, Verdict? Verdict, IReadOnlyList<string> Reasons, string? Gate = null, IReadOnlyList<WaivedClause>? Waived = null, string? EvidenceDigest = null);

/// <summary>A clause that does not close the gate although it was not kept.</summary>
/// <param name="Clause">Its name.</param>
/// <param name="Verdict">Its verdict, which stays.</param>
/// <param name="Waiver">Id of the waiver.</param>
/// <param name="Reason">Why it was waived.</param>
/// <param name="WaivedBy">By whom.</param>
/// <param name="ExpiresAt">Until when, UTC.</param>
public sealed record WaivedClause(string Clause, Verdict Verdict, string Waiver, string Reason, string WaivedBy, DateTimeOffset ExpiresAt);
