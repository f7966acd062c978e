using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Baton.Server.Platform.Errors;

namespace Baton.Server.Platform.Search;

/// <summary>
/// What a client sends back to get the next page: where the last row stands in the order, and a digest of the search it belongs to. It holds
/// nothing secret and grants nothing.
/// </summary>
internal static class PageToken
{
    private const int LongestToken = 256 * 1024;

    /// <summary>Tells one search from another by all that decides which rows come in which order.</summary>
    public static string SearchOf(params IEnumerable<object?> parts) =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(parts)).AsSpan(0, 12));

    public static string Write(string search, IEnumerable<SortValue> last)
    {
        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartArray();
            writer.WriteStringValue(search);
            foreach (var value in last)
            {
                writer.WriteNumberValue(value.Rank);
                switch (value.Value)
                {
                    case long whole:
                        writer.WriteNumberValue(whole);
                        break;
                    case double real:
                        writer.WriteNumberValue(real);
                        break;
                    case string text:
                        writer.WriteStringValue(text);
                        break;
                    default:
                        writer.WriteNullValue();
                        break;
                }
            }

            writer.WriteEndArray();
        }

        return Base64Url.EncodeToString(json.ToArray());
    }

    /// <summary>Where to go on; null for the first page.</summary>
    /// <exception cref="Refusal">It is no token of ours, or of another search.</exception>
    public static IReadOnlyList<SortValue>? Read(string? token, string search, IReadOnlyList<SortKey> keys)
    {
        if (string.IsNullOrEmpty(token))
            return null;
        var values = Decode(token);
        if (values is null || values.Length == 0 || values[0].ValueKind != JsonValueKind.String)
            throw Refused("it is not one that this server gave; send next_page_token as it came, or none for the first page");
        if (values[0].GetString() != search)
            throw Refused("it belongs to another search; send the filter, order_by and other arguments that it came with, or no token for the first page");
        // The token of a page of no rows: what follows is the first row.
        if (values.Length == 1)
            return null;
        var last = new SortValue[keys.Count];
        if (values.Length != 1 + 2 * keys.Count)
            throw Refused("it is incomplete");
        for (var i = 0; i < keys.Count; i++)
            last[i] = Value(keys[i], values[1 + 2 * i], values[2 + 2 * i]) ?? throw Refused("a value in it is of the wrong kind");
        return last;
    }

    private static JsonElement[]? Decode(string token)
    {
        try
        {
            return token.Length > LongestToken
                ? null
                : JsonSerializer.Deserialize<JsonElement[]>(new UTF8Encoding(false, true).GetString(Base64Url.DecodeFromChars(token)));
        }
        catch (Exception e) when (e is FormatException or JsonException or ArgumentException)
        {
            return null;
        }
    }

    private static SortValue? Value(SortKey key, JsonElement rank, JsonElement value)
    {
        if (rank.ValueKind != JsonValueKind.Number || !rank.TryGetInt64(out var r) || r is < 0 or > 2 || (r > 0 && key.Rank is null))
            return null;
        if (r > 0)
            return new SortValue(r, null);
        return key.Type switch
        {
            SortType.Integer when value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var whole) => new SortValue(0, whole),
            SortType.Real when value.ValueKind == JsonValueKind.Number && double.TryParse(value.GetRawText(), CultureInfo.InvariantCulture, out var real)
                && double.IsFinite(real) => new SortValue(0, real),
            SortType.Text when value.ValueKind == JsonValueKind.String && Text(value) is { } text => new SortValue(0, text),
            _ => null,
        };
    }

    private static string? Text(JsonElement value)
    {
        try
        {
            return value.GetString() is { } text && !text.Contains('\0') ? text : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static Refusal Refused(string why) => Refusal.Invalid($"Invalid page token, {why}.");
}
