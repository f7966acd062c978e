namespace Baton.Server.Handoff;

/// <summary>A contract as the handoff keeps it: the document, its status and signatures, which are never part of the document.</summary>
internal sealed record ContractRecord
{
    public const string Draft = "draft";
    public const string Proposed = "proposed";
    public const string InForce = "in_force";
    public const string Superseded = "superseded";

    public string Model { get; init; } = "";

    public string Digest { get; init; } = "";

    public string Status { get; init; } = Proposed;

    /// <summary>YAML as it was proposed, comments and all.</summary>
    public string Document { get; init; } = "";

    /// <summary>Its number (SemVer); null for a draft.</summary>
    public string? Version { get; init; }

    /// <summary>What it changes against the one before: <c>breaking</c>, <c>compatible</c> or <c>editorial</c>; null for the first, and for a draft.</summary>
    public string? Change { get; init; }

    /// <summary>Digest of the contract that its number was counted from; null for the first, and for a draft.</summary>
    public string? ComparedWith { get; init; }

    public string ProposedBy { get; init; } = "";

    public long ProposedAt { get; init; }

    public long? InForceSince { get; init; }

    public IReadOnlyList<Signature> Signatures { get; init; } = [];
}

/// <summary>One side's agreement.</summary>
internal sealed record Signature
{
    /// <summary>The two sides that sign: who answers for the model, who for the service.</summary>
    public static IReadOnlyList<string> Sides { get; } = [ModelSide, ServiceSide];

    public const string ModelSide = "model";
    public const string ServiceSide = "service";

    public string Side { get; init; } = "";

    public string Actor { get; init; } = "";

    public long SignedAt { get; init; }
}

/// <summary>The claims of a version.</summary>
internal sealed record ClaimsRecord
{
    public long Version { get; init; }

    public string Digest { get; init; } = "";

    /// <summary>JSON, compact.</summary>
    public string Document { get; init; } = "";

    public string SubmittedBy { get; init; } = "";

    public long SubmittedAt { get; init; }
}

/// <summary>Candidates handed over together under one contract.</summary>
internal sealed record HandoffRecord
{
    public string Id { get; init; } = "";

    public string Model { get; init; } = "";

    public string ContractDigest { get; init; } = "";

    public string? Note { get; init; }

    public string SubmittedBy { get; init; } = "";

    public long SubmittedAt { get; init; }

    public IReadOnlyList<long> Versions { get; init; } = [];
}
