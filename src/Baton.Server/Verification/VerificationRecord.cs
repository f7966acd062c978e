using System.Globalization;
using System.Text.Json.Serialization;
using Baton.Contracts;
using Baton.Server.Platform.Ids;

namespace Baton.Server.Verification;

/// <summary>One verification of one candidate: keyed by the digests of contract, claims and package.</summary>
internal sealed record VerificationRecord
{
    public string Id { get; init; } = "";

    public string? HandoffId { get; init; }

    public string Model { get; init; } = "";

    public long Version { get; init; }

    public string JobId { get; init; } = "";

    /// <summary><c>queued</c>, <c>running</c>, <c>finished</c>, <c>failed</c> or <c>cancelled</c>.</summary>
    public string State { get; init; } = "queued";

    /// <summary>In snake_case; null until finished.</summary>
    public string? Verdict { get; init; }

    public string? Reason { get; init; }

    public string? Progress { get; init; }

    public string? Agent { get; init; }

    public string ContractDigest { get; init; } = "";

    public string ClaimsDigest { get; init; } = "";

    public string PackageDigest { get; init; } = "";

    public long? ProductionVersion { get; init; }

    public string? EvidenceDigest { get; init; }

    public long QueuedAt { get; init; }

    public long? StartedAt { get; init; }

    public long? FinishedAt { get; init; }

    /// <summary>What has changed since it finished: <c>contract</c>, <c>claims</c>, <c>package</c>, <c>production</c>. Such evidence opens no gate.</summary>
    public IReadOnlyList<string> Stale { get; init; } = [];
}

/// <summary>A verification on the wire.</summary>
internal sealed record VerificationView(
    string Id,
    string? HandoffId,
    string Model,
    string Version,
    string State,
    string? Verdict,
    string? Progress,
    string? Reason,
    string? Agent,
    string ContractDigest,
    string ClaimsDigest,
    string PackageDigest,
    string? EvidenceDigest,
    string? ProductionVersion,
    DateTimeOffset QueuedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? FinishedAt,
    IReadOnlyList<string>? Stale,
    [property: JsonPropertyName("evidence")] Evidence? Evidence)
{
    public static VerificationView Of(VerificationRecord v, Evidence? evidence = null) => new(
        v.Id,
        v.HandoffId,
        v.Model,
        v.Version.ToString(CultureInfo.InvariantCulture),
        v.State,
        v.Verdict,
        v.Progress,
        v.Reason,
        v.Agent,
        v.ContractDigest,
        v.ClaimsDigest,
        v.PackageDigest,
        v.EvidenceDigest,
        v.ProductionVersion?.ToString(CultureInfo.InvariantCulture),
        Instants.FromMicros(v.QueuedAt),
        Instants.FromMicros(v.StartedAt),
        Instants.FromMicros(v.FinishedAt),
        v.Stale.Count == 0 ? null : v.Stale,
        evidence);
}
