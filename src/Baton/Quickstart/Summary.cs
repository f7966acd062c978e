using System.Text.Json.Serialization;
using Baton.Client;
using Baton.Contracts;

namespace Baton.Quickstart;

/// <summary>What <c>baton quickstart --json</c> prints.</summary>
internal sealed record Summary
{
    public required IReadOnlyList<RunSummary> Runs { get; init; }

    public required IReadOnlyList<VersionSummary> Versions { get; init; }

    /// <summary>Version in each stage; null for none.</summary>
    public required IReadOnlyDictionary<string, string?> Stages { get; init; }

    /// <summary>The endpoint that answered the live traffic.</summary>
    public required EndpointSummary Endpoint { get; init; }

    /// <summary>Predictions in the log.</summary>
    public required long Predictions { get; init; }

    /// <summary>Those of them whose outcome is known.</summary>
    public required long Labelled { get; init; }

    /// <summary>Figures by week of the prediction.</summary>
    public required IReadOnlyList<WeekSummary> Weeks { get; init; }

    /// <summary>How many decisions the ledger holds.</summary>
    public required int Ledger { get; init; }

    public required Uri Url { get; init; }

    /// <summary>From the start of the command to here.</summary>
    public required double Seconds { get; init; }

    /// <summary>What went another way than the story goes; empty where nothing did.</summary>
    public required IReadOnlyList<string> Differences { get; init; }
}

/// <summary>A logged run.</summary>
internal sealed record RunSummary(string Name, string RunId, Uri Url);

/// <summary>A version, its verdict and what the gate to production said.</summary>
internal sealed record VersionSummary(string Name, string Version, Verdict Verdict, string Model, IReadOnlyList<ClauseSummary> Clauses, GateSummary Gate, Uri Url)
{
    public static VersionSummary Of(string name, VerificationRecord verification, GateSummary gate, Uri url) => new(
        name, verification.Version, verification.Verdict ?? Verdict.NotRun, verification.Model,
        [.. (verification.Evidence?.Clauses ?? []).Select(c => new ClauseSummary(c.Name, c.Verdict, c.Claimed, c.Measured, c.Interval, c.Unit, c.Reason))],
        gate, url);
}

/// <summary>A clause's outcome; numbers in its unit.</summary>
internal sealed record ClauseSummary(
    string Name,
    Verdict Verdict,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] Reading? Claimed,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] Reading? Measured,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] Interval? Interval,
    string Unit,
    string Reason);

/// <summary>What the gate to a stage said.</summary>
internal sealed record GateSummary(string Stage, bool Open, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Reason);
