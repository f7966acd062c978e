using System.Text;

namespace Baton.Server.Platform.Search;

/// <summary>
/// Reads a filter: MLflow's grammar, and on top OR, NOT, parentheses, BETWEEN, IN and IS NULL for every field. AND binds closer than OR; an AND at
/// the very end is tolerated, as MLflow does.
/// </summary>
internal sealed class FilterParser
{
    private static readonly string[] ForNumbers = ["=", "!=", "<", "<=", ">", ">=", "BETWEEN", "IN", "IS NULL"];
    private static readonly string[] ForTexts = ["=", "!=", "LIKE", "ILIKE", "IN", "IS NULL"];

    private readonly TokenCursor _cursor;
    private readonly SearchLanguage _language;
    private int _depth;
    private int _conditions;

    private FilterParser(string text, SearchLanguage language)
    {
        _cursor = new TokenCursor(text);
        _language = language;
    }

    /// <summary>The filter as a tree; null where it is empty: everything matches.</summary>
    /// <exception cref="Errors.Refusal">It does not parse; the message says where and what was expected.</exception>
    public static Condition? Parse(string? filter, SearchLanguage language)
    {
        if (filter is null || filter.AsSpan().Trim().IsEmpty)
            return null;
        var bytes = Encoding.UTF8.GetByteCount(filter);
        if (bytes > SearchLimits.MostBytes)
            throw SearchErrors.TooMuch($"it has {bytes} bytes, and at most {SearchLimits.MostBytes} are taken");
        var parser = new FilterParser(filter, language);
        var condition = parser.Any();
        return parser._cursor.Current.Kind == TokenKind.End
            ? condition
            : throw SearchErrors.Clause(filter, parser._cursor.Current, "AND, OR or the end of the filter");
    }

    private Condition Any()
    {
        var parts = new List<Condition> { All() };
        while (_cursor.Takes("OR"))
            parts.Add(All());
        return parts.Count == 1 ? parts[0] : new AnyOf(parts);
    }

    private Condition All()
    {
        var parts = new List<Condition> { One() };
        while (_cursor.Takes("AND") && !(_depth == 0 && _cursor.Current.Kind == TokenKind.End))
            parts.Add(One());
        return parts.Count == 1 ? parts[0] : new AllOf(parts);
    }

    private Condition One()
    {
        if (_cursor.Current.Is("NOT"))
        {
            Deeper(_cursor.Take());
            var negation = new Negation(One());
            _depth--;
            return negation;
        }

        if (_cursor.Current.Kind != TokenKind.Open)
            return Comparison();
        Deeper(_cursor.Take());
        var inner = Any();
        _depth--;
        var closing = _cursor.Take();
        return closing.Kind == TokenKind.Close ? inner : throw SearchErrors.Clause(_cursor.Text, closing, "AND, OR or ')'");
    }

    private void Deeper(Token at)
    {
        if (++_depth > SearchLimits.MostDepth)
            throw SearchErrors.At(_cursor.Text, at, "Invalid filter string: it is nested too deeply", $"at most {SearchLimits.MostDepth} levels of parentheses and NOT");
    }

    private Comparison Comparison()
    {
        if (++_conditions > SearchLimits.MostConditions)
            throw SearchErrors.At(_cursor.Text, _cursor.Current, "Invalid filter string: it has too many conditions", $"at most {SearchLimits.MostConditions}");
        var field = new FieldParser(_cursor, _language, _language.Attributes, "attribute").Parse();
        var values = new ValueParser(_cursor, field, field.Kind == FieldKind.Attribute ? _language.Attributes[field.Key] : null);
        var start = _cursor.Current;
        if (_cursor.Takes("IS"))
        {
            var not = _cursor.Takes("NOT");
            return _cursor.Takes("NULL")
                ? new Comparison(field, not ? Comparator.IsNotNull : Comparator.IsNull, [])
                : throw SearchErrors.Clause(_cursor.Text, _cursor.Current, not ? "NULL" : "NULL or NOT NULL");
        }

        var negated = _cursor.Takes("NOT");
        var word = _cursor.Take();
        return Compared(field, values, negated ? start : word, word, negated);
    }

    private Comparison Compared(Field field, ValueParser values, Token start, Token word, bool negated)
    {
        if (word.Is("IN"))
            return new Comparison(field, negated ? Comparator.NotIn : Comparator.In, values.List());
        if (word.Is("BETWEEN") && values.IsNumber)
        {
            var least = values.One();
            return _cursor.Takes("AND")
                ? new Comparison(field, negated ? Comparator.NotBetween : Comparator.Between, [least, values.One()])
                : throw SearchErrors.Clause(_cursor.Text, _cursor.Current, "AND and the upper end of BETWEEN");
        }

        if (!values.IsNumber && word.Is("LIKE"))
            return new Comparison(field, negated ? Comparator.NotLike : Comparator.Like, [values.Pattern()]);
        if (!values.IsNumber && word.Is("ILIKE"))
            return new Comparison(field, negated ? Comparator.NotILike : Comparator.ILike, [values.Pattern()]);
        return !negated && Operator(word, values.IsNumber) is { } comparator
            ? new Comparison(field, comparator, [values.One()])
            : throw Unknown(start, word, values.IsNumber ? ForNumbers : ForTexts);
    }

    private static Comparator? Operator(Token word, bool number) => word.Kind != TokenKind.Operator ? null : word.Text switch
    {
        "=" => Comparator.Equal,
        "!=" => Comparator.NotEqual,
        "<" when number => Comparator.Less,
        "<=" when number => Comparator.LessOrEqual,
        ">" when number => Comparator.Greater,
        ">=" when number => Comparator.GreaterOrEqual,
        _ => null,
    };

    private Errors.Refusal Unknown(Token start, Token word, string[] known)
    {
        var expected = $"one of {string.Join(", ", known)}";
        return word.Kind == TokenKind.Operator || word.Is("LIKE") || word.Is("ILIKE") || word.Is("BETWEEN")
            ? SearchErrors.At(_cursor.Text, start, $"Invalid comparator '{SearchErrors.Shown(word)}' not one of '{SearchErrors.Names(known)}'", expected)
            : SearchErrors.Clause(_cursor.Text, word, expected);
    }
}
