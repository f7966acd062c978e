using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace Baton.Server.Platform.Http;

/// <summary>What MLflow's JSON allows beyond the standard, and how it reads numbers.</summary>
internal static class MlflowJson
{
    public static JsonDocumentOptions Options { get; } = new() { MaxDepth = MlflowBody.MaxDepth };

    public static JsonReaderOptions ReaderOptions { get; } = new() { MaxDepth = MlflowBody.MaxDepth };

    public static bool IsObject(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Options);
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>An integer as MLflow's clients may write it: <c>2</c>, <c>2.0</c>, <c>2e3</c>. Null where it has a fraction or is out of range.</summary>
    public static long? Integer(ReadOnlySpan<byte> text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer) ? integer
        : decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && number == decimal.Truncate(number) && number is >= long.MinValue and <= long.MaxValue ? (long)number
        : null;

    /// <inheritdoc cref="Integer(ReadOnlySpan{byte})"/>
    public static long? Integer(string text) => text.Length <= 64 ? Integer(System.Text.Encoding.UTF8.GetBytes(text)) : null;

    /// <summary>A real as text: a number, NaN, Infinity, and the short names of the latter two.</summary>
    public static double? Real(string text) => text.Trim().ToUpperInvariant() switch
    {
        "INF" or "+INF" or "INFINITY" or "+INFINITY" => double.PositiveInfinity,
        "-INF" or "-INFINITY" => double.NegativeInfinity,
        "NAN" => double.NaN,
        _ => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number
            : number is double.PositiveInfinity or double.NegativeInfinity && text.Any(char.IsAsciiDigit) ? number : null,
    };

    /// <summary>How deep arrays and objects are nested, whether or not the rest is JSON.</summary>
    public static int DepthOf(ReadOnlySpan<byte> json)
    {
        var (depth, deepest, inText) = (0, 0, false);
        for (var i = 0; i < json.Length; i++)
        {
            switch (json[i])
            {
                case (byte)'"':
                    inText = !inText;
                    break;
                case (byte)'\\' when inText:
                    i++;
                    break;
                case (byte)'{' or (byte)'[' when !inText:
                    deepest = Math.Max(deepest, ++depth);
                    break;
                case (byte)'}' or (byte)']' when !inText:
                    depth--;
                    break;
            }
        }

        return deepest;
    }

    /// <summary>The text with its bare <c>NaN</c>, <c>Infinity</c> and <c>-Infinity</c> put in quotes; null where there are none.</summary>
    public static byte[]? WithBareNumbersQuoted(ReadOnlySpan<byte> json)
    {
        var mended = new ArrayBufferWriter<byte>(json.Length + 256);
        var (inText, copied) = (false, 0);
        for (var i = 0; i < json.Length; i++)
        {
            if (json[i] == (byte)'"')
                inText = !inText;
            else if (inText && json[i] == (byte)'\\')
                i++;
            else if (!inText && BareAt(json[i..]) is { Length: > 0 } bare)
            {
                mended.Write(json[copied..i]);
                mended.Write("\""u8);
                mended.Write(bare);
                mended.Write("\""u8);
                copied = i + bare.Length;
                i = copied - 1;
            }
        }

        if (copied == 0)
            return null;
        mended.Write(json[copied..]);
        return mended.WrittenSpan.ToArray();
    }

    private static ReadOnlySpan<byte> BareAt(ReadOnlySpan<byte> rest) =>
        rest.StartsWith("NaN"u8) ? "NaN"u8 : rest.StartsWith("Infinity"u8) ? "Infinity"u8 : rest.StartsWith("-Infinity"u8) ? "-Infinity"u8 : [];
}
