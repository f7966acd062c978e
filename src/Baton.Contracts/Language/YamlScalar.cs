using System.Buffers;
using System.Globalization;
using System.Text;

namespace Baton.Contracts.Language;

/// <summary>Texts as YAML scalars.</summary>
internal static class YamlScalar
{
    private static readonly SearchValues<char> PlainLetters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 _-+.,;/()'%<>=äöüßéèàÄÖÜ");

    /// <summary>A text as it is where YAML reads it as nothing else, else in double quotes.</summary>
    /// <param name="text">The text.</param>
    /// <param name="flow">Whether it stands between brackets, where a comma ends it.</param>
    public static string Of(string text, bool flow = false)
    {
        var plain = text.Length > 0 && char.IsAsciiLetter(text[0]) && text[^1] != ' '
            && !text.AsSpan().ContainsAnyExcept(PlainLetters) && !(flow && text.Contains(','))
            && text.ToLowerInvariant() is not ("null" or "true" or "false" or "yes" or "no" or "on" or "off" or "y" or "n");
        if (plain)
            return text;

        var quoted = new StringBuilder("\"");
        foreach (var letter in text)
        {
            quoted.Append(letter switch
            {
                '"' => "\\\"",
                '\\' => @"\\",
                '\n' => "\\n",
                '\t' => "\\t",
                < ' ' or (>= '\x7f' and < '\xa0') or '\u2028' or '\u2029' or '\ufeff' or >= '\ufffe' => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}"),
                _ => letter.ToString(),
            });
        }

        return quoted.Append('"').ToString();
    }
}
