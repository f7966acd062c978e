using System.Text.Json;
using Baton.Server.Platform.Ids;

namespace Baton.Server.Predictions;

/// <summary>One prediction on the wire.</summary>
internal sealed record PredictionView
{
    public required string PredictionId { get; init; }

    public required string Endpoint { get; init; }

    public required string Arm { get; init; }

    public required string Version { get; init; }

    public required string PackageDigest { get; init; }

    public required DateTimeOffset EventTime { get; init; }

    public required DateTimeOffset LoggedAt { get; init; }

    /// <summary>Name to value; null where the value was redacted.</summary>
    public required IReadOnlyDictionary<string, JsonElement> Inputs { get; init; }

    public required IReadOnlyDictionary<string, JsonElement> Outputs { get; init; }

    public double? Score { get; init; }

    public required long LatencyUs { get; init; }

    public required double Propensity { get; init; }

    /// <summary>The label that counts: the last revision's; null where none is known.</summary>
    public JsonElement? Label => Labels.Count == 0 ? null : Labels[0].Value;

    /// <summary>Every revision, the last first.</summary>
    public IReadOnlyList<LabelView> Labels { get; init; } = [];
}

/// <summary>One revision of a label on the wire.</summary>
internal sealed record LabelView(long Revision, JsonElement Value, DateTimeOffset KnownAt, DateTimeOffset ReceivedAt)
{
    /// <summary>Labels by revision, the last first.</summary>
    public static IReadOnlyList<LabelView> Of(IReadOnlyList<Label> labels) =>
    [
        .. labels.DistinctBy(l => l.Revision).OrderByDescending(l => l.Revision)
            .Select(l => new LabelView(l.Revision, JsonOf(l.Value), Instants.FromMicros(l.KnownAt), Instants.FromMicros(l.ReceivedAt))),
    ];

    /// <summary>A number where the text is one, else the text.</summary>
    private static JsonElement JsonOf(string value)
    {
        try
        {
            if (value.Length > 0 && (char.IsAsciiDigit(value[0]) || value[0] == '-'))
                return JsonSerializer.Deserialize<JsonElement>(value);
        }
        catch (JsonException)
        {
            // A text that begins like a number.
        }

        return JsonSerializer.SerializeToElement(value);
    }
}
