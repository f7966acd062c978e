using System.Text.Json;
using Baton.Contracts;

namespace Baton.Server.Predictions;

/// <summary>A replay on the wire.</summary>
/// <param name="Version">Version that was run.</param>
/// <param name="Outputs">Its outputs: name to value.</param>
/// <param name="Score">Its score of the positive class, where it gives one.</param>
/// <param name="Recorded">What was answered when it was logged.</param>
/// <param name="Same">Whether the outputs are the same: texts alike, numbers within 1e-6 of each other (of the greater one where that is above 1).</param>
/// <param name="LargestDifference">The largest difference of two numbers; null where there is none to compare, or one is no number.</param>
internal sealed record ReplayView(
    string Version, IReadOnlyDictionary<string, JsonElement> Outputs, double? Score, RecordedAnswer Recorded, bool Same, double? LargestDifference)
{
    private const double Tolerance = 1e-6;

    public static ReplayView Of(string version, ReplayResult result, PredictionView prediction)
    {
        var comparison = new Comparison();
        comparison.Compare(prediction.Outputs, result.Outputs!);
        return new ReplayView(
            version, result.Outputs!, result.Score, new RecordedAnswer(prediction.Version, prediction.Outputs, prediction.Score), comparison.Same, comparison.Largest);
    }

    private sealed class Comparison
    {
        public bool Same { get; private set; } = true;

        public double? Largest { get; private set; }

        public void Compare(IReadOnlyDictionary<string, JsonElement> recorded, IReadOnlyDictionary<string, JsonElement> now)
        {
            Same &= recorded.Count == now.Count;
            foreach (var (name, value) in recorded)
            {
                if (now.TryGetValue(name, out var other))
                    Compare([.. Flat(value)], [.. Flat(other)]);
                else
                    Same = false;
            }
        }

        private void Compare(IReadOnlyList<JsonElement> recorded, IReadOnlyList<JsonElement> now)
        {
            Same &= recorded.Count == now.Count;
            foreach (var (a, b) in recorded.Zip(now))
            {
                if (a.ValueKind != JsonValueKind.Number || b.ValueKind != JsonValueKind.Number)
                {
                    Same &= a.GetRawText() == b.GetRawText() || (a.ValueKind == JsonValueKind.String && b.ValueKind == JsonValueKind.String && a.GetString() == b.GetString());
                    continue;
                }

                var (x, y) = (a.GetDouble(), b.GetDouble());
                var difference = Math.Abs(x - y);
                Largest = Math.Max(Largest ?? 0, difference);
                Same &= difference <= Tolerance * Math.Max(1, Math.Max(Math.Abs(x), Math.Abs(y)));
            }
        }

        // A row of one value may be written as the value or as a list of it.
        private static IEnumerable<JsonElement> Flat(JsonElement value) =>
            value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().SelectMany(Flat) : [value];
    }
}

/// <summary>What was answered when the prediction was logged.</summary>
internal sealed record RecordedAnswer(string Version, IReadOnlyDictionary<string, JsonElement> Outputs, double? Score);
