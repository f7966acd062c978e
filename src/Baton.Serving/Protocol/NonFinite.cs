using System.Buffers;
using System.Text.Json;

namespace Baton.Serving.Protocol;

/// <summary>
/// Floats that JSON has no form for. Python writes them bare, which the JSON reader refuses: they are put in quotes before it sees them, with a mark
/// that tells them from texts, so that a text input does not take a missing value for the word NaN.
/// </summary>
internal static class NonFinite
{
    private static ReadOnlySpan<byte> Mark => "\\u0000"u8;

    /// <summary>The body with bare <c>NaN</c>, <c>Infinity</c> and <c>-Infinity</c> put in quotes; null where there are none.</summary>
    public static PooledBuffer? Quote(ReadOnlySpan<byte> body)
    {
        if (body.IndexOf("NaN"u8) < 0 && body.IndexOf("Infinity"u8) < 0)
            return null;
        var quoted = new PooledBuffer(body.Length + 1024);
        var copied = 0;
        var inText = false;
        for (var i = 0; i < body.Length; i++)
        {
            if (body[i] == '"')
                inText = !inText;
            else if (inText && body[i] == '\\')
                i++;
            else if (!inText && Length(body[i..]) is > 0 and var length)
            {
                quoted.Write(body[copied..i]);
                quoted.Write("\""u8);
                quoted.Write(Mark);
                quoted.Write(body.Slice(i, length));
                quoted.Write("\""u8);
                i += length - 1;
                copied = i + 1;
            }
        }

        quoted.Write(body[copied..]);
        return quoted;
    }

    /// <summary>Whether the text stands for a value that was bare.</summary>
    public static bool IsMarked(ReadOnlySpan<byte> raw) => raw.StartsWith(Mark) && Length(raw[Mark.Length..]) == raw.Length - Mark.Length;

    /// <summary>The text as it was sent.</summary>
    public static ReadOnlySpan<byte> Unmarked(ReadOnlySpan<byte> raw) => IsMarked(raw) ? raw[Mark.Length..] : raw;

    /// <summary>The value of a quoted text, marked or not; false for any other text.</summary>
    public static bool TryRead(ref Utf8JsonReader reader, out double value)
    {
        value = 0;
        if (reader.TokenType != JsonTokenType.String)
            return false;
        var text = Unmarked(reader.ValueSpan);
        if (text.SequenceEqual("NaN"u8))
            value = double.NaN;
        else if (text.SequenceEqual("Infinity"u8))
            value = double.PositiveInfinity;
        else if (text.SequenceEqual("-Infinity"u8))
            value = double.NegativeInfinity;
        return value != 0;
    }

    private static int Length(ReadOnlySpan<byte> text) => text[0] switch
    {
        (byte)'N' when text.StartsWith("NaN"u8) => 3,
        (byte)'I' when text.StartsWith("Infinity"u8) => 8,
        (byte)'-' when text.StartsWith("-Infinity"u8) => 9,
        _ => 0,
    };
}
