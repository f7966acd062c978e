using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Http;
using Baton.Server.Runs;

namespace Baton.Server.Registry;

/// <summary>Name of an alias. Letter case counts.</summary>
internal sealed partial record AliasName
{
    /// <summary>In any case it means the highest version, and nobody sets it.</summary>
    public const string Latest = "latest";

    private const int MaxLength = 255;

    private AliasName(string value) => Value = value;

    public string Value { get; }

    public bool IsLatest => Value.Equals(Latest, StringComparison.OrdinalIgnoreCase);

    public static AliasName Parse(string text)
    {
        if (text.IsLongerThan(MaxLength))
            throw RunsErrors.TooLong("Registered model alias name", MaxLength);
        return text.Length > 0 && text.EnumerateRunes().All(IsAllowed)
            ? new AliasName(text)
            : throw Refusal.Invalid($"Invalid alias name: '{text}'. Names may only contain alphanumerics, underscores (_), and dashes (-).");
    }

    /// <summary>A name that may be set: none that means a version already.</summary>
    public static AliasName ParseNew(string text)
    {
        var name = Parse(text);
        if (name.IsLatest)
            throw Refusal.Invalid("'latest' alias name (case insensitive) is reserved.");
        return VersionLike().IsMatch(text) ? throw Refusal.Invalid($"Version alias name '{text}' is reserved.") : name;
    }

    public override string ToString() => Value;

    private static bool IsAllowed(Rune rune) => rune.Value is '_' or '-' || Rune.IsLetterOrDigit(rune)
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber;

    [GeneratedRegex(@"^[vV]\d+\z")]
    private static partial Regex VersionLike();
}
