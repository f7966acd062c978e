using System.Text.Json;
using System.Text.Json.Serialization;
using Baton.Contracts;

namespace Baton.Client;

/// <summary>
/// How requests and answers are written: the form of <see cref="Documents"/>, with enums as <c>snake_case</c>, and MLflow's numbers in quotes
/// (<c>"NaN"</c>) read too.
/// </summary>
public static class WireJson
{
    /// <summary>Options for one-line JSON.</summary>
    public static JsonSerializerOptions Options { get; } = Make(Documents.Compact);

    /// <summary>Options for JSON that people read.</summary>
    public static JsonSerializerOptions Indented { get; } = Make(Documents.Indented);

    private static JsonSerializerOptions Make(JsonSerializerOptions documents)
    {
        var options = new JsonSerializerOptions(documents)
        {
            NumberHandling = JsonNumberHandling.AllowReadingFromString | JsonNumberHandling.AllowNamedFloatingPointLiterals,
        };
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower));
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
