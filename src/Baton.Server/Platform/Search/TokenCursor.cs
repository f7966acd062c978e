namespace Baton.Server.Platform.Search;

/// <summary>A place in the words of a filter.</summary>
internal sealed class TokenCursor(string text)
{
    private readonly IReadOnlyList<Token> _tokens = Tokenizer.Cut(text);
    private int _at;

    /// <summary>The filter itself.</summary>
    public string Text => text;

    public Token Current => _tokens[_at];

    public Token Following => _tokens[Math.Min(_at + 1, _tokens.Count - 1)];

    /// <summary>Goes on, and gives what it was at.</summary>
    public Token Take()
    {
        var token = Current;
        if (token.Kind != TokenKind.End)
            _at++;
        return token;
    }

    /// <summary>Goes on if it is at this keyword.</summary>
    public bool Takes(string keyword)
    {
        if (!Current.Is(keyword))
            return false;
        Take();
        return true;
    }

    /// <summary>Goes on if it is at this kind of word.</summary>
    public bool Takes(TokenKind kind)
    {
        if (Current.Kind != kind)
            return false;
        Take();
        return true;
    }
}
