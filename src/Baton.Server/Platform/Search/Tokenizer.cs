using System.Buffers;

namespace Baton.Server.Platform.Search;

/// <summary>Cuts a filter, or an order_by clause, into words.</summary>
internal static class Tokenizer
{
    private static readonly SearchValues<char> OperatorCharacters = SearchValues.Create("=!<>");

    /// <summary>The words, an <see cref="TokenKind.End"/> last. A quote that is not closed and a character of no meaning become <see cref="TokenKind.Stray"/>.</summary>
    public static IReadOnlyList<Token> Cut(string text)
    {
        var tokens = new List<Token>();
        var at = 0;
        while (true)
        {
            while (at < text.Length && char.IsWhiteSpace(text[at]))
                at++;
            if (at == text.Length)
                break;
            var token = Next(text, at);
            tokens.Add(token);
            at = token.After;
        }

        tokens.Add(new Token(TokenKind.End, "", text.Length));
        return tokens;
    }

    private static Token Next(string text, int at)
    {
        var first = text[at];
        switch (first)
        {
            case '(':
                return new Token(TokenKind.Open, "(", at);
            case ')':
                return new Token(TokenKind.Close, ")", at);
            case ',':
                return new Token(TokenKind.Comma, ",", at);
            case '\'' or '"' or '`':
                return Quoted(text, at);
        }

        if (OperatorCharacters.Contains(first))
            return Taken(TokenKind.Operator, text, at, OperatorCharacters.Contains);
        if (StartsNumber(text, at))
            return Number(text, at);
        return IsWord(first) && first is not '-'
            ? Taken(TokenKind.Word, text, at, IsWord)
            : new Token(TokenKind.Stray, char.IsHighSurrogate(first) && at + 1 < text.Length ? text.Substring(at, 2) : text[at..(at + 1)], at);
    }

    // A doubled quote does not close the text, and stays doubled in it.
    private static Token Quoted(string text, int at)
    {
        var end = at + 1;
        while (true)
        {
            end = text.IndexOf(text[at], end);
            if (end < 0)
                return new Token(TokenKind.Stray, text[at..], at);
            if (text[at] == '`' || end + 1 == text.Length || text[end + 1] != text[at])
                return new Token(TokenKind.Quoted, text[at..(end + 1)], at);
            end += 2;
        }
    }

    private static Token Number(string text, int at)
    {
        var end = text[at] is '-' or '+' ? at + 1 : at;
        while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] is '.' or '_' || (text[end] is '+' or '-' && text[end - 1] is 'e' or 'E')))
            end++;
        return new Token(TokenKind.Number, text[at..end], at);
    }

    private static Token Taken(TokenKind kind, string text, int at, Func<char, bool> belongs)
    {
        var end = at + 1;
        while (end < text.Length && belongs(text[end]))
            end++;
        return new Token(kind, text[at..end], at);
    }

    private static bool StartsNumber(string text, int at)
    {
        if (text[at] is '-' or '+')
            at++;
        if (at < text.Length && text[at] == '.')
            at++;
        return at < text.Length && char.IsAsciiDigit(text[at]);
    }

    private static bool IsWord(char c) => char.IsLetterOrDigit(c) || c is '_' or '.' or '-' or '/' or ':';
}
