using Baton.Contracts;

namespace Baton.Server.Platform.Ledger;

/// <summary>One row of the ledger. <see cref="Hash"/> covers the row and the hash of the row before it, so a changed or missing row shows.</summary>
internal sealed record LedgerEntry
{
    public long Seq { get; init; }

    public string Id { get; init; } = "";

    public string Project { get; init; } = "";

    /// <summary>Microseconds since 1970.</summary>
    public long At { get; init; }

    public string Actor { get; init; } = "";

    public string Action { get; init; } = "";

    /// <summary>Path of the thing, e.g. <c>models/flight-delay/versions/2</c>.</summary>
    public string Subject { get; init; } = "";

    /// <summary>Digest of the evidence the decision stands on.</summary>
    public string? Evidence { get; init; }

    /// <summary>JSON.</summary>
    public string Detail { get; init; } = "{}";

    public string Hash { get; init; } = "";

    public string HashAfter(string hashBefore) =>
        Digests.Sha256(string.Join('\n', hashBefore, Seq, Id, Project, At, Actor, Action, Subject, Evidence, Detail));
}
