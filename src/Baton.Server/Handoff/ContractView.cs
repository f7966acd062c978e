using Baton.Contracts;
using Baton.Server.Platform.Ids;
using Microsoft.AspNetCore.Http;

namespace Baton.Server.Handoff;

/// <summary>A contract on the wire.</summary>
internal sealed record ContractView(
    string Model,
    string Digest,
    string Status,
    string? Version,
    string? Change,
    string? ComparedWith,
    string Document,
    string ProposedBy,
    DateTimeOffset ProposedAt,
    IReadOnlyList<SignatureView> Signatures,
    DateTimeOffset? InForceSince)
{
    public static ContractView Of(ContractRecord c) => new(
        c.Model,
        c.Digest,
        c.Status,
        c.Version,
        c.Change,
        c.ComparedWith,
        c.Document,
        c.ProposedBy,
        Instants.FromMicros(c.ProposedAt),
        [.. c.Signatures.Select(s => new SignatureView(s.Side, s.Actor, Instants.FromMicros(s.SignedAt)))],
        Instants.FromMicros(c.InForceSince));

    public static IResult Answer(ContractRecord contract) => Results.Json(Of(contract), Documents.Compact);
}

internal sealed record SignatureView(string Side, string Actor, DateTimeOffset At);
