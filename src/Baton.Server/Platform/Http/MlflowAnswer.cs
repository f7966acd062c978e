using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;

namespace Baton.Server.Platform.Http;

/// <summary>MLflow's JSON: <c>snake_case</c>, unset fields left out, NaN and infinities as strings, always 200.</summary>
internal static class MlflowAnswer
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static IResult Empty { get; } = Results.Text("{}", "application/json");

    public static IResult Of<T>(T value) => Results.Json(value, Options);

    /// <summary>MLflow leaves out an empty list; null does.</summary>
    public static IReadOnlyList<T>? OrNothing<T>(this IReadOnlyList<T> list) => list.Count == 0 ? null : list;
}

/// <summary>A tag or param on the wire.</summary>
internal sealed record MlflowPair(string Key, string Value)
{
    public static IReadOnlyList<MlflowPair>? Of(IReadOnlyDictionary<string, string> pairs) =>
        pairs.Count == 0 ? null : [.. pairs.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => new MlflowPair(p.Key, p.Value))];
}
