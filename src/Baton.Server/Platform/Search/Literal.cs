namespace Baton.Server.Platform.Search;

/// <summary>A value in a filter: a text, or a number that may be whole.</summary>
internal readonly record struct Literal(string? Text, double Real, long? Whole)
{
    public static Literal Of(string text) => new(text, 0, null);

    public static Literal Of(double number) => new(null, number, null);

    public static Literal Of(long number) => new(null, number, number);

    /// <summary>The value as a parameter.</summary>
    public object Value => Text is not null ? Text : Whole is { } whole ? whole : Real;
}
