using System.Globalization;
using System.Text.Json;

namespace Baton.Client;

public sealed partial class BatonClient
{
    /// <summary>A page of the ledger, oldest first.</summary>
    /// <param name="subject">Prefix of the subject, e.g. <c>models/flight-delay</c>; null for all.</param>
    /// <param name="after">Sequence number to go on after; null from the start.</param>
    /// <param name="limit">Most entries to return.</param>
    /// <param name="cancel">Stops the call.</param>
    public Task<LedgerPage> ReadLedgerAsync(string? subject = null, long? after = null, int limit = 100, CancellationToken cancel = default) =>
        GetAsync<LedgerPage>(
            Query("api/v1/ledger",
                ("subject", subject),
                ("after", after?.ToString(CultureInfo.InvariantCulture)),
                ("limit", limit.ToString(CultureInfo.InvariantCulture))),
            cancel);
}

/// <summary>A page of the ledger.</summary>
/// <param name="Entries">Entries, oldest first.</param>
/// <param name="Next">Sequence number to go on after; null at the end.</param>
public sealed record LedgerPage(IReadOnlyList<LedgerEntry> Entries, long? Next);

/// <summary>One decision: who, when, what, on which evidence.</summary>
public sealed record LedgerEntry
{
    /// <summary>Place in the ledger, growing.</summary>
    public required long Seq { get; init; }

    /// <summary>Id.</summary>
    public required string Id { get; init; }

    /// <summary>When, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Who.</summary>
    public required string Actor { get; init; }

    /// <summary>What was done, e.g. <c>version.promoted</c>.</summary>
    public required string Action { get; init; }

    /// <summary>To what, e.g. <c>models/flight-delay/versions/2</c>.</summary>
    public required string Subject { get; init; }

    /// <summary>Digest of the evidence it stands on.</summary>
    public string? Evidence { get; init; }

    /// <summary>Further facts.</summary>
    public JsonElement? Detail { get; init; }
}
