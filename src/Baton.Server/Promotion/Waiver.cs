using System.Globalization;
using Baton.Server.Platform.Ids;

namespace Baton.Server.Promotion;

/// <summary>Leave to pass the gate although a clause was not kept: with a reason, by somebody, until a time.</summary>
internal sealed record Waiver
{
    public string Id { get; init; } = "";

    public string Model { get; init; } = "";

    /// <summary>Name of the clause as evidence has it.</summary>
    public string Clause { get; init; } = "";

    /// <summary>The version it is for; 0 for every version of the model.</summary>
    public long Version { get; init; }

    public string Reason { get; init; } = "";

    public string? Ticket { get; init; }

    public string WaivedBy { get; init; } = "";

    public long WaivedAt { get; init; }

    public long ExpiresAt { get; init; }

    public string? RevokedBy { get; init; }

    public long? RevokedAt { get; init; }

    /// <summary><c>valid</c>, <c>expired</c> or <c>revoked</c> at a time.</summary>
    public string StateAt(long now) => RevokedAt is not null ? "revoked" : ExpiresAt <= now ? "expired" : "valid";

    /// <summary>Whether it waives a clause of a version at a time.</summary>
    public bool Waives(string clause, long version, long now) => Clause == clause && (Version == 0 || Version == version) && StateAt(now) == "valid";
}

/// <summary>A waiver on the wire.</summary>
internal sealed record WaiverView(
    string Id, string Model, string Clause, string? Version, string Reason, string? Ticket, string State, string WaivedBy, DateTimeOffset WaivedAt, DateTimeOffset ExpiresAt,
    string? RevokedBy, DateTimeOffset? RevokedAt)
{
    public static WaiverView Of(Waiver w, long now) => new(
        w.Id, w.Model, w.Clause, w.Version == 0 ? null : w.Version.ToString(CultureInfo.InvariantCulture), w.Reason, w.Ticket, w.StateAt(now), w.WaivedBy,
        Instants.FromMicros(w.WaivedAt), Instants.FromMicros(w.ExpiresAt), w.RevokedBy, Instants.FromMicros(w.RevokedAt));
}
