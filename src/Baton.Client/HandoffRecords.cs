using Baton.Contracts;

namespace Baton.Client;

/// <summary>A contract as the server keeps it.</summary>
public sealed record ContractRecord
{
    /// <summary>Registered model.</summary>
    public required string Model { get; init; }

    /// <summary>Digest of its canonical form.</summary>
    public required string Digest { get; init; }

    /// <summary>Where it stands.</summary>
    public required ContractStatus Status { get; init; }

    /// <summary>Its number (SemVer); null for a draft.</summary>
    public string? Version { get; init; }

    /// <summary>What it changes against the one before; null for the first, and for a draft.</summary>
    public ChangeKind? Change { get; init; }

    /// <summary>Digest of the contract that its number was counted from.</summary>
    public string? ComparedWith { get; init; }

    /// <summary>Its text, YAML, as proposed.</summary>
    public required string Document { get; init; }

    /// <summary>Who proposed it.</summary>
    public required string ProposedBy { get; init; }

    /// <summary>When, UTC.</summary>
    public required DateTimeOffset ProposedAt { get; init; }

    /// <summary>Who has signed.</summary>
    public required IReadOnlyList<ContractSignature> Signatures { get; init; }

    /// <summary>Since when it has been in force, UTC.</summary>
    public DateTimeOffset? InForceSince { get; init; }
}

/// <summary>Where a contract stands.</summary>
public enum ContractStatus
{
    /// <summary>Kept, and not put before the other side.</summary>
    Draft,

    /// <summary>Not signed by both sides yet.</summary>
    Proposed,

    /// <summary>Signed by both; what candidates are verified against.</summary>
    InForce,

    /// <summary>Was in force before the present one.</summary>
    Superseded,
}

/// <summary>The sides of a contract.</summary>
public enum ContractSide
{
    /// <summary>Answers for the model: the data science side.</summary>
    Model,

    /// <summary>Answers for the service: the engineering side.</summary>
    Service,
}

/// <summary>One side's signature.</summary>
/// <param name="Side">Side.</param>
/// <param name="Actor">Who signed.</param>
/// <param name="At">When, UTC.</param>
public sealed record ContractSignature(ContractSide Side, string Actor, DateTimeOffset At);

/// <summary>Claims as the server keeps them.</summary>
/// <param name="Digest">Digest.</param>
/// <param name="Claims">The claims.</param>
public sealed record ClaimsRecord(string Digest, Claims Claims);

/// <summary>Candidates that were handed over together.</summary>
public sealed record HandoffRecord
{
    /// <summary>Id.</summary>
    public required string Id { get; init; }

    /// <summary>Registered model.</summary>
    public required string Model { get; init; }

    /// <summary>Contract they were handed over under.</summary>
    public required string ContractDigest { get; init; }

    /// <summary>The candidates' versions.</summary>
    public required IReadOnlyList<string> Versions { get; init; }

    /// <summary>A note of the submitter.</summary>
    public string? Note { get; init; }

    /// <summary>Who.</summary>
    public required string SubmittedBy { get; init; }

    /// <summary>When, UTC.</summary>
    public required DateTimeOffset SubmittedAt { get; init; }
}
