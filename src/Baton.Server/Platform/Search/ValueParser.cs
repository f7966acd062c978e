using System.Globalization;

namespace Baton.Server.Platform.Search;

/// <summary>Reads the values that a field of one kind may be compared with.</summary>
internal sealed class ValueParser(TokenCursor cursor, Field compared, SearchAttribute? attribute)
{
    public bool IsNumber => compared.Kind == FieldKind.Metric || attribute is { IsNumber: true };

    /// <summary>One value.</summary>
    public Literal One()
    {
        var token = cursor.Take();
        return IsNumber ? Number(token) : Text(token);
    }

    /// <summary>A list in parentheses with at least one value; a last comma is allowed.</summary>
    public IReadOnlyList<Literal> List()
    {
        var open = cursor.Take();
        if (open.Kind != TokenKind.Open)
            throw SearchErrors.Clause(cursor.Text, open, "a list in parentheses such as ('a', 'b')");
        var values = new List<Literal>();
        while (cursor.Current.Kind != TokenKind.Close || values.Count == 0)
        {
            if (cursor.Current.Kind == TokenKind.Close)
                throw SearchErrors.Clause(cursor.Text, cursor.Current, "at least one value in the list");
            values.Add(One());
            if (IsNumber && values.Count > SearchLimits.MostListed)
                throw SearchErrors.TooMuch($"a list of numbers may have at most {SearchLimits.MostListed}");
            if (!cursor.Takes(TokenKind.Comma) && cursor.Current.Kind != TokenKind.Close)
                throw SearchErrors.Clause(cursor.Text, cursor.Current, "',' or ')'");
        }

        cursor.Take();
        return values;
    }

    /// <summary>A pattern of LIKE.</summary>
    public Literal Pattern()
    {
        var pattern = One();
        return pattern.Text is { Length: > SearchLimits.LongestPattern }
            ? throw SearchErrors.TooMuch($"a LIKE pattern may have at most {SearchLimits.LongestPattern} characters")
            : pattern;
    }

    private Literal Number(Token token)
    {
        var text = token.Kind == TokenKind.Quoted && attribute is { TakesQuotedNumber: true } ? token.Inside : token.Kind == TokenKind.Number ? token.Text : "";
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
            return compared.Kind == FieldKind.Metric ? Literal.Of((double)whole) : Literal.Of(whole);
        const NumberStyles Real = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        // Infinities are stored clamped, so what is beyond the greatest number is compared as that.
        if (double.TryParse(text, Real, CultureInfo.InvariantCulture, out var real))
            return Literal.Of(Math.Clamp(real, -double.MaxValue, double.MaxValue));
        var what = compared.Kind == FieldKind.Metric ? "metric" : $"numeric attribute: {compared.Key}";
        throw SearchErrors.At(cursor.Text, token, $"Expected numeric value type for {what}. Found {SearchErrors.Shown(token)}", "a number such as 0.5, without quotes");
    }

    private Literal Text(Token token)
    {
        if (token.Kind == TokenKind.Quoted && token.Quote != '`')
            return Literal.Of(token.Inside);
        if (token.Kind == TokenKind.Number && attribute is { TakesNumber: true })
            return Literal.Of(token.Text);
        var what = compared.Kind switch
        {
            FieldKind.Param => "parameter",
            FieldKind.Tag => "tag",
            FieldKind.Dataset => "dataset",
            _ => "attribute",
        };
        throw token.Kind is TokenKind.Word or TokenKind.Quoted or TokenKind.Stray
            ? SearchErrors.Unquoted(cursor.Text, token)
            : SearchErrors.At(
                cursor.Text, token, $"Expected a quoted string value for {what} (e.g. 'my-value'). Got value {SearchErrors.Shown(token)}", "a text in single or double quotes");
    }
}
