using System.Text.Json;

namespace Baton.Client;

/// <summary>Which predictions.</summary>
public sealed record PredictionRange
{
    /// <summary>First event time; null for the earliest.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Event time after the last; null for the newest.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Only this version's; null for all.</summary>
    public string? Version { get; init; }

    /// <summary>The most rows, up to 1,000,000. <value>1,000 by default.</value></summary>
    public int Limit { get; init; } = 1000;
}

/// <summary>What turned out to be true of one prediction.</summary>
/// <param name="PredictionId">Id that the answer gave.</param>
/// <param name="Value">Number, text or boolean.</param>
/// <param name="KnownAt">When it became known; null for now.</param>
/// <param name="Revision">0, and one more with each correction: the greatest counts.</param>
public sealed record LabelRecord(string PredictionId, object Value, DateTimeOffset? KnownAt = null, long Revision = 0);

/// <summary>What became of labels.</summary>
/// <param name="Accepted">Stored now.</param>
/// <param name="Unchanged">Stood there already.</param>
public sealed record LabelReceipt(int Accepted, int Unchanged);

/// <summary>One logged prediction.</summary>
public sealed record PredictionRecord
{
    /// <summary>Id.</summary>
    public required string PredictionId { get; init; }

    /// <summary>Arm that answered.</summary>
    public required string Arm { get; init; }

    /// <summary>Version that answered.</summary>
    public required string Version { get; init; }

    /// <summary>Digest of its package.</summary>
    public required string PackageDigest { get; init; }

    /// <summary>When what was predicted happens, UTC.</summary>
    public required DateTimeOffset EventTime { get; init; }

    /// <summary>When it was answered, UTC.</summary>
    public required DateTimeOffset LoggedAt { get; init; }

    /// <summary>Name to value, or to a list where an input takes several a row; null where it was redacted.</summary>
    public required IReadOnlyDictionary<string, JsonElement> Inputs { get; init; }

    /// <summary>Name to value, or to a list.</summary>
    public required IReadOnlyDictionary<string, JsonElement> Outputs { get; init; }

    /// <summary>Score of the positive class; null where the model gives none.</summary>
    public double? Score { get; init; }

    /// <summary>Time that the answer took, µs.</summary>
    public long LatencyUs { get; init; }

    /// <summary>Probability with which the arm was chosen.</summary>
    public double Propensity { get; init; }

    /// <summary>The last revision of its label: number or text; null where none is known.</summary>
    public JsonElement? Label { get; init; }

    /// <summary>That revision; only in lists.</summary>
    public long? LabelRevision { get; init; }

    /// <summary>When it became known; only in lists.</summary>
    public DateTimeOffset? LabelKnownAt { get; init; }

    /// <summary>Every revision, the last first; only where one prediction is asked for.</summary>
    public IReadOnlyList<LabelRevisionRecord>? Labels { get; init; }
}

/// <summary>One revision of a label.</summary>
/// <param name="Revision">Revision.</param>
/// <param name="Value">Number or text.</param>
/// <param name="KnownAt">When it became known, UTC.</param>
/// <param name="ReceivedAt">When the server heard of it, UTC.</param>
public sealed record LabelRevisionRecord(long Revision, JsonElement Value, DateTimeOffset KnownAt, DateTimeOffset ReceivedAt);

/// <summary>A prediction run again.</summary>
public sealed record ReplayRecord
{
    /// <summary>Version that was run.</summary>
    public required string Version { get; init; }

    /// <summary>Its outputs.</summary>
    public required IReadOnlyDictionary<string, JsonElement> Outputs { get; init; }

    /// <summary>Its score; null where it gives none.</summary>
    public double? Score { get; init; }

    /// <summary>What was answered when it was logged.</summary>
    public required RecordedAnswer Recorded { get; init; }

    /// <summary>Whether the outputs are the same, numbers to 1e-6.</summary>
    public required bool Same { get; init; }

    /// <summary>The largest difference of two numbers; null where none could be compared.</summary>
    public double? LargestDifference { get; init; }
}

/// <summary>What was answered when a prediction was logged.</summary>
/// <param name="Version">Version that answered.</param>
/// <param name="Outputs">Its outputs.</param>
/// <param name="Score">Its score; null where it gave none.</param>
public sealed record RecordedAnswer(string Version, IReadOnlyDictionary<string, JsonElement> Outputs, double? Score);
