using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Baton.Contracts;

/// <summary>A number or a text: what a clause claims or measured. Written as plain JSON number or string.</summary>
[JsonConverter(typeof(ReadingConverter))]
public sealed record Reading
{
    private Reading(double? number, string? text)
    {
        Number = number;
        Text = text;
    }

    /// <summary>The number; null for a text.</summary>
    public double? Number { get; }

    /// <summary>The text; null for a number.</summary>
    public string? Text { get; }

    /// <summary>A number.</summary>
    public static implicit operator Reading(double number) => new(number, null);

    /// <summary>A text.</summary>
    public static implicit operator Reading(string text) => new(null, text);

    /// <inheritdoc />
    public override string ToString() => Text ?? Number!.Value.ToString("G6", CultureInfo.InvariantCulture);
}

internal sealed class ReadingConverter : JsonConverter<Reading>
{
    public override Reading Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Number ? reader.GetDouble()
        : reader.TokenType == JsonTokenType.String ? reader.GetString()!
        : throw new JsonException("A reading is a number or a string.");

    public override void Write(Utf8JsonWriter writer, Reading value, JsonSerializerOptions options)
    {
        if (value.Number is not { } number)
            writer.WriteStringValue(value.Text);
        else if (double.IsFinite(number))
            writer.WriteNumberValue(number);
        else
            writer.WriteStringValue(number.ToString(CultureInfo.InvariantCulture));
    }
}

/// <summary>Enum values as <c>snake_case</c> strings.</summary>
internal sealed class SnakeCaseEnumConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.SnakeCaseLower)
    where T : struct, Enum;
