using Baton.Contracts;

namespace Baton.Client;

/// <summary>Who must sign in a project.</summary>
public sealed record HandoffPolicy
{
    /// <summary>How many people of the model side sign.</summary>
    public int ModelSignatures { get; init; } = 1;

    /// <summary>How many people of the service side sign.</summary>
    public int ServiceSignatures { get; init; } = 1;

    /// <summary>Who may sign for the model side, as the ledger names them (<c>user:ada</c>); empty for anybody.</summary>
    public IReadOnlyList<string> ModelSigners { get; init; } = [];

    /// <summary>Who may sign for the service side, and read its holdouts; empty for anybody who is no author.</summary>
    public IReadOnlyList<string> ServiceSigners { get; init; } = [];

    /// <summary>Whether one person may act for both sides.</summary>
    public required bool Solo { get; init; }
}

/// <summary>Another text of one clause, offered to the other side.</summary>
public sealed record CounterOfferRecord
{
    /// <summary>Id.</summary>
    public required string Id { get; init; }

    /// <summary>Registered model.</summary>
    public required string Model { get; init; }

    /// <summary>The contract that it was made on.</summary>
    public required string ContractDigest { get; init; }

    /// <summary>The clause, <c>metrics.roc_auc</c>.</summary>
    public required string Clause { get; init; }

    /// <summary>The clause's fields as offered, YAML.</summary>
    public required string Change { get; init; }

    /// <summary>Why.</summary>
    public required string Reason { get; init; }

    /// <summary>The offer that it answers.</summary>
    public string? Answers { get; init; }

    /// <summary>What had been measured of the clause when it was offered.</summary>
    public required IReadOnlyList<TradeOff> TradeOff { get; init; }

    /// <summary><c>open</c>, <c>accepted</c>, <c>answered</c>, <c>rejected</c> or <c>withdrawn</c>.</summary>
    public required string Status { get; init; }

    /// <summary>Who offered.</summary>
    public required string OfferedBy { get; init; }

    /// <summary>When, UTC.</summary>
    public required DateTimeOffset OfferedAt { get; init; }

    /// <summary>Who decided.</summary>
    public string? DecidedBy { get; init; }

    /// <summary>When, UTC.</summary>
    public DateTimeOffset? DecidedAt { get; init; }

    /// <summary>The reason of the decision.</summary>
    public string? Decision { get; init; }

    /// <summary>The proposal that came of it.</summary>
    public string? ResultDigest { get; init; }
}

/// <summary>What the newest evidence said of a clause, and what it would say under an offer.</summary>
/// <param name="Clause">Name in the evidence.</param>
/// <param name="Version">Version that was verified.</param>
/// <param name="EvidenceDigest">The evidence.</param>
/// <param name="Value">What was measured.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Interval">Its interval.</param>
/// <param name="Verdict">The verdict then.</param>
/// <param name="WouldBe">The verdict under the offer; null where what was measured does not decide it.</param>
public sealed record TradeOff(
    string Clause, long Version, string EvidenceDigest, Reading? Value, string Unit, Interval? Interval, Verdict Verdict, Verdict? WouldBe);

/// <summary>What somebody says of a thing.</summary>
public sealed record CommentRecord
{
    /// <summary>Id.</summary>
    public required string Id { get; init; }

    /// <summary>Path of the thing.</summary>
    public required string On { get; init; }

    /// <summary>The digest that the thing had then.</summary>
    public string? Anchor { get; init; }

    /// <summary>The words.</summary>
    public required string Text { get; init; }

    /// <summary>Who.</summary>
    public required string Author { get; init; }

    /// <summary>When, UTC.</summary>
    public required DateTimeOffset WrittenAt { get; init; }

    /// <summary>When its author changed it last, UTC.</summary>
    public DateTimeOffset? EditedAt { get; init; }

    /// <summary>Who resolved it; null while it is open.</summary>
    public string? ResolvedBy { get; init; }

    /// <summary>When, UTC.</summary>
    public DateTimeOffset? ResolvedAt { get; init; }
}

/// <summary>Leave to pass the gate although a clause was not kept.</summary>
public sealed record WaiverRecord
{
    /// <summary>Id.</summary>
    public required string Id { get; init; }

    /// <summary>Registered model.</summary>
    public required string Model { get; init; }

    /// <summary>Name of the clause as evidence has it.</summary>
    public required string Clause { get; init; }

    /// <summary>The version it is for; null for all.</summary>
    public string? Version { get; init; }

    /// <summary>Why.</summary>
    public required string Reason { get; init; }

    /// <summary>Where it is followed up.</summary>
    public string? Ticket { get; init; }

    /// <summary><c>valid</c>, <c>expired</c> or <c>revoked</c>.</summary>
    public required string State { get; init; }

    /// <summary>Who.</summary>
    public required string WaivedBy { get; init; }

    /// <summary>When, UTC.</summary>
    public required DateTimeOffset WaivedAt { get; init; }

    /// <summary>Until when, UTC.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Who revoked it.</summary>
    public string? RevokedBy { get; init; }

    /// <summary>When, UTC.</summary>
    public DateTimeOffset? RevokedAt { get; init; }
}

/// <summary>A dataset that only the service side knows: what it is, not what is in it.</summary>
/// <param name="Model">Registered model.</param>
/// <param name="Name">Its name.</param>
/// <param name="Sha256">Digest of the file.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Uses">Verifications that carried these bytes.</param>
/// <param name="Columns">Which column is what.</param>
/// <param name="UploadedBy">Who.</param>
/// <param name="UploadedAt">When, UTC.</param>
public sealed record HoldoutRecord(
    string Model, string Name, string Sha256, long Size, long Uses, ReferenceColumns Columns, string UploadedBy, DateTimeOffset UploadedAt);
