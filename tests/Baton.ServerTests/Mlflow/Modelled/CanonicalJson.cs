using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Baton.ServerTests.Mlflow.Modelled;

/// <summary>JSON in one spelling: fields by name, keyed lists by key, numbers as doubles; without what a server's clock or disk decides, and without what is empty.</summary>
internal static class CanonicalJson
{
    private static readonly HashSet<string> Volatile =
    [
        "run_uuid", "artifact_uri", "artifact_location", "creation_time", "last_update_time", "creation_timestamp", "last_updated_timestamp", "source", "run_link", "user_id", "next_page_token",
    ];

    public static string Of(JsonNode? node) => Spell(node)?.ToJsonString() ?? "{}";

    private static JsonNode? Spell(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject fields:
                var sorted = new JsonObject();
                foreach (var (name, value) in fields.Where(f => !Volatile.Contains(f.Key)).OrderBy(f => f.Key, StringComparer.Ordinal))
                {
                    if (Spell(value) is { } spelled)
                        sorted[name] = spelled;
                }

                return sorted.Count > 0 ? sorted : null;
            case JsonArray items:
                var spelledItems = items.Select(Spell).OfType<JsonNode>().ToList();
                if (IsLatest(spelledItems))
                    spelledItems = [.. spelledItems.OrderBy(Key, StringComparer.Ordinal)];
                return spelledItems.Count == 0 ? null : new JsonArray([.. spelledItems]);
            case JsonValue number when number.GetValueKind() is JsonValueKind.Number:
                return JsonValue.Create(double.Parse(number.ToJsonString(), CultureInfo.InvariantCulture) + 0.0);
            case JsonValue text when text.GetValueKind() is JsonValueKind.String && text.GetValue<string>().Length == 0:
                return null;
            default:
                return node?.DeepClone();
        }
    }

    // Latest points have a key each; a history repeats one key in a promised order.
    private static bool IsLatest(List<JsonNode> items) => items.All(HasKey) && items.Select(Key).Distinct().Count() == items.Count;

    private static bool HasKey(JsonNode? item) => Key(item) is not null;

    private static string? Key(JsonNode? item) => item is JsonObject fields ? (fields["key"] ?? fields["alias"])?.ToJsonString() : null;
}
