using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace Baton.Serving.Protocol;

/// <summary>How one element of a tensor is read from a JSON value. Implementations are structs so that each datatype has code of its own.</summary>
/// <typeparam name="T">The element.</typeparam>
internal interface IElement<T>
{
    /// <summary>What is expected, in words.</summary>
    static abstract string Expected { get; }

    /// <summary>Reads the reader's value; false where it is something else, or does not fit.</summary>
    static abstract bool TryRead(ref Utf8JsonReader reader, out T value);
}

internal readonly struct Fp32 : IElement<float>
{
    public static string Expected => "a number that fits FP32, or NaN, Infinity, -Infinity";

    public static bool TryRead(ref Utf8JsonReader reader, out float value)
    {
        if (reader.TokenType == JsonTokenType.Number)
            return reader.TryGetSingle(out value) && float.IsFinite(value);
        var read = NonFinite.TryRead(ref reader, out var named);
        value = (float)named;
        return read;
    }
}

internal readonly struct Fp64 : IElement<double>
{
    public static string Expected => "a number that fits FP64, or NaN, Infinity, -Infinity";

    public static bool TryRead(ref Utf8JsonReader reader, out double value) => reader.TokenType == JsonTokenType.Number
        ? reader.TryGetDouble(out value) && double.IsFinite(value)
        : NonFinite.TryRead(ref reader, out value);
}

internal readonly struct Fp16 : IElement<Half>
{
    public static string Expected => "a number that fits FP16 (up to 65504), or NaN, Infinity, -Infinity";

    public static bool TryRead(ref Utf8JsonReader reader, out Half value)
    {
        if (reader.TokenType == JsonTokenType.Number)
            return Half.TryParse(reader.ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && Half.IsFinite(value);
        var read = NonFinite.TryRead(ref reader, out var named);
        value = (Half)named;
        return read;
    }
}

internal readonly struct Whole<T> : IElement<T>
    where T : struct, IBinaryInteger<T>, IMinMaxValue<T>
{
    public static string Expected => $"a whole number from {T.MinValue} to {T.MaxValue}";

    public static bool TryRead(ref Utf8JsonReader reader, out T value)
    {
        value = T.Zero;
        return reader.TokenType == JsonTokenType.Number && T.TryParse(reader.ValueSpan, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
    }
}

internal readonly struct Truth : IElement<bool>
{
    public static string Expected => "true or false, or 1 or 0";

    public static bool TryRead(ref Utf8JsonReader reader, out bool value)
    {
        value = reader.TokenType == JsonTokenType.True || (reader.TokenType == JsonTokenType.Number && reader.ValueSpan.SequenceEqual("1"u8));
        return value || reader.TokenType == JsonTokenType.False || (reader.TokenType == JsonTokenType.Number && reader.ValueSpan.SequenceEqual("0"u8));
    }
}

internal readonly struct Text : IElement<string>
{
    public static string Expected => "a text";

    public static bool TryRead(ref Utf8JsonReader reader, out string value)
    {
        value = "";
        if (reader.TokenType != JsonTokenType.String || (reader.ValueIsEscaped && NonFinite.IsMarked(reader.ValueSpan)))
            return false;
        value = reader.GetString()!;
        return true;
    }
}
