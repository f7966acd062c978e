namespace Baton.Server.Platform.Search;

/// <summary>What kind of word of a filter this is.</summary>
internal enum TokenKind
{
    Word,
    Quoted,
    Number,
    Operator,
    Open,
    Close,
    Comma,
    Stray,
    End,
}

/// <summary>One word of a filter, as it stands there; <see cref="Position"/> is where it begins, in UTF-16 units.</summary>
internal readonly record struct Token(TokenKind Kind, string Text, int Position)
{
    /// <summary>The quote around a <see cref="TokenKind.Quoted"/>.</summary>
    public char Quote => Text[0];

    /// <summary>What is between the quotes. Nothing is unescaped, as MLflow does not.</summary>
    public string Inside => Text[1..^1];

    /// <summary>Where the next word begins if it follows without a space.</summary>
    public int After => Position + Text.Length;

    /// <summary>Whether it is a keyword, in any case.</summary>
    public bool Is(string keyword) => Kind == TokenKind.Word && Text.Equals(keyword, StringComparison.OrdinalIgnoreCase);
}
