using Baton.Server.Platform.Errors;

namespace Baton.Server.Platform.Search;

/// <summary>What is said of a filter or order that does not parse: MLflow's words first, then where and what was expected.</summary>
internal static class SearchErrors
{
    private const int MostShown = 100;

    public static Refusal Clause(string filter, Token at, string expected) =>
        At(filter, at, $"Invalid clause(s) in filter string: '{Shown(at)}'", expected);

    public static Refusal At(string filter, Token at, string message, string expected) =>
        Refusal.Invalid($"{message} (character {CharacterOf(filter, at.Position)}; expected {expected})");

    public static Refusal Unquoted(string filter, Token at) => At(
        filter,
        at,
        $"Parameter value is either not quoted or unidentified quote types used for string value {Shown(at)}. Use either single or double quotes.",
        "a text such as 'my-value'");

    public static Refusal TooMuch(string what) => Refusal.Invalid($"Invalid filter string: {what}.");

    public static string Names(IEnumerable<string> names) => $"{{{string.Join(", ", names.Select(n => $"'{n}'"))}}}";

    public static string DidYouMean(string word, IEnumerable<string> known) => NearWord.Of(word, known) is { } near ? $" Did you mean '{near}'?" : "";

    public static string Shown(Token token) => token.Kind == TokenKind.End ? "end of the filter" : Cut(token.Text);

    public static string Cut(string text)
    {
        if (text.Length <= MostShown)
            return text;
        return text[..(char.IsHighSurrogate(text[MostShown - 1]) ? MostShown - 1 : MostShown)] + "…";
    }

    // Counted from 1, in characters rather than UTF-16 units.
    private static int CharacterOf(string filter, int position)
    {
        var count = 1;
        foreach (var _ in filter.AsSpan(0, position).EnumerateRunes())
            count++;
        return count;
    }
}
