using System.Text;
using Baton.Server.Platform.Errors;

namespace Baton.Server.Platform.Http;

/// <summary>What people write beside what they do: reasons, comments, notes.</summary>
internal static class Prose
{
    /// <summary>The longest text, in characters.</summary>
    public const int Longest = 1000;

    /// <summary>A text of 1 to <see cref="Longest"/> characters, without blanks at its ends.</summary>
    public static string Required(string? text, string field, int longest = Longest) => Optional(text, field, longest)
        ?? throw Refusal.Invalid($"'{field}' is missing: write 1 to {longest:N0} characters.");

    /// <summary>The same; null where nothing was written.</summary>
    public static string? Optional(string? text, string field, int longest = Longest)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        var trimmed = text.ReplaceLineEndings("\n").Trim();
        if (trimmed.IsLongerThan(longest))
            throw Refusal.Invalid($"'{field}' has {CodePoints.Count(trimmed):N0} characters: at most {longest:N0} fit.");
        if (trimmed.EnumerateRunes().Any(r => r == Rune.ReplacementChar || (Rune.IsControl(r) && r.Value is not ('\n' or '\t'))))
            throw Refusal.Invalid($"'{field}' holds a control character or broken Unicode: remove it.");
        return trimmed;
    }
}
