using Baton.Contracts;
using Baton.Server.Platform.Ids;

namespace Baton.Server.Handoff;

/// <summary>Another text of one clause, offered to the other side.</summary>
internal sealed record CounterOffer
{
    public const string Open = "open";
    public const string Accepted = "accepted";
    public const string Answered = "answered";
    public const string Rejected = "rejected";
    public const string Withdrawn = "withdrawn";

    public string Id { get; init; } = "";

    public string Model { get; init; } = "";

    /// <summary>The contract that it is made on.</summary>
    public string ContractDigest { get; init; } = "";

    /// <summary>The clause, <c>metrics.roc_auc</c>.</summary>
    public string Clause { get; init; } = "";

    /// <summary>The clause's fields, YAML.</summary>
    public string Change { get; init; } = "";

    public string Reason { get; init; } = "";

    /// <summary>The offer that it answers.</summary>
    public string? Answers { get; init; }

    /// <summary>JSON: a list of <see cref="Measured"/>.</summary>
    public string TradeOff { get; init; } = "[]";

    public string Status { get; init; } = Open;

    public string OfferedBy { get; init; } = "";

    public long OfferedAt { get; init; }

    public string? DecidedBy { get; init; }

    public long? DecidedAt { get; init; }

    /// <summary>The reason of the decision.</summary>
    public string? Decision { get; init; }

    /// <summary>The contract that came of it, where it was accepted.</summary>
    public string? ResultDigest { get; init; }

    public IReadOnlyList<Measured> Measurements => Documents.Read<IReadOnlyList<Measured>>(TradeOff);
}

/// <summary>What the newest evidence said of a clause when an offer was made, and what it would say under the offer.</summary>
/// <param name="Clause">Name in the evidence.</param>
/// <param name="Version">The version that was verified.</param>
/// <param name="EvidenceDigest">The evidence.</param>
/// <param name="Value">What was measured; null where nothing was.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Interval">Its interval.</param>
/// <param name="Verdict">The verdict then.</param>
/// <param name="WouldBe">The verdict that the same measurement would have under the offer; null where it does not decide.</param>
internal sealed record Measured(
    string Clause, long Version, string EvidenceDigest, Reading? Value, string Unit, Interval? Interval, Verdict Verdict, Verdict? WouldBe);

/// <summary>A counter-offer on the wire.</summary>
internal sealed record OfferView(
    string Id, string Model, string ContractDigest, string Clause, string Change, string Reason, string? Answers, IReadOnlyList<Measured> TradeOff, string Status,
    string OfferedBy, DateTimeOffset OfferedAt, string? DecidedBy, DateTimeOffset? DecidedAt, string? Decision, string? ResultDigest)
{
    public static OfferView Of(CounterOffer o) => new(
        o.Id, o.Model, o.ContractDigest, o.Clause, o.Change, o.Reason, o.Answers, o.Measurements, o.Status,
        o.OfferedBy, Instants.FromMicros(o.OfferedAt), o.DecidedBy, Instants.FromMicros(o.DecidedAt), o.Decision, o.ResultDigest);
}
