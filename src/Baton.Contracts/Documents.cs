using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Baton.Contracts;

/// <summary>How claims, evidence and requests are written as JSON: <c>snake_case</c>, nulls left out, unknown fields ignored.</summary>
public static class Documents
{
    /// <summary>Options for one-line JSON.</summary>
    public static JsonSerializerOptions Compact { get; } = Make(indented: false);

    /// <summary>Options for JSON that people read.</summary>
    public static JsonSerializerOptions Indented { get; } = Make(indented: true);

    /// <summary>Serialises a document compactly. Property order is declaration order, so equal documents give equal bytes.</summary>
    public static string Write<T>(T document) => JsonSerializer.Serialize(document, Compact);

    /// <summary>Reads a document; <see cref="JsonException"/> tells path and line where it does not fit.</summary>
    public static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, Compact) ?? throw new JsonException("The document is empty (null).");

    private static JsonSerializerOptions Make(bool indented)
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            NumberHandling = JsonNumberHandling.Strict,
            WriteIndented = indented,
        };
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
