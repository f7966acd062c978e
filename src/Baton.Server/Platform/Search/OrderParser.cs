using Baton.Server.Platform.Errors;

namespace Baton.Server.Platform.Search;

/// <summary>Reads order_by: a list of <c>field [ASC|DESC]</c>, fields as in filters.</summary>
internal static class OrderParser
{
    private const int LongestClause = 4_096;

    /// <exception cref="Refusal">A clause does not parse, or a field comes twice.</exception>
    public static IReadOnlyList<Ordering> Parse(IReadOnlyList<string> clauses, SearchLanguage language)
    {
        if (clauses.Count > SearchLimits.MostOrders)
            throw Refusal.Invalid($"Invalid order_by: it has {clauses.Count} clauses, and at most {SearchLimits.MostOrders} are taken.");
        var orders = clauses.Select(clause => Clause(clause, language)).ToList();
        var twice = orders.GroupBy(o => o.Field).Where(g => g.Count() > 1).Select(g => g.Key.Key).ToList();
        return twice.Count == 0
            ? orders
            : throw Refusal.Invalid($"`order_by` contains duplicate fields: [{string.Join(", ", twice.Select(t => $"'{SearchErrors.Cut(t)}'"))}]. Name each field once.");
    }

    private static Ordering Clause(string clause, SearchLanguage language)
    {
        if (clause.AsSpan().Trim().IsEmpty || clause.Length > LongestClause)
            throw Unparsable(clause);
        var cursor = new TokenCursor(clause);
        if (cursor.Current is not ({ Kind: TokenKind.Word } or { Kind: TokenKind.Quoted, Quote: not '\'' }))
            throw Unparsable(clause);
        var field = new FieldParser(cursor, language, language.Orders, "order_by").Parse();
        if (field.Kind != FieldKind.Attribute && !language.OrderKinds.Contains(field.Kind))
            throw Refusal.Invalid($"Invalid order_by clause '{SearchErrors.Cut(clause)}': {language.Subject} are not ordered by {field.Kind.ToString().ToLowerInvariant()}s. "
                + $"Valid keys are '{SearchErrors.Names(language.Orders.Keys)}'");
        var descending = cursor.Takes("DESC");
        if (!descending)
            cursor.Takes("ASC");
        return cursor.Current.Kind switch
        {
            TokenKind.End => new Ordering(field, descending),
            TokenKind.Word => throw SearchErrors.At(clause, cursor.Current, $"Invalid ordering key in order_by clause '{SearchErrors.Cut(clause)}'.", "ASC, DESC or the end"),
            _ => throw SearchErrors.At(clause, cursor.Current, $"Invalid order_by clause '{SearchErrors.Cut(clause)}'. Could not be parsed.", "ASC, DESC or the end"),
        };
    }

    private static Refusal Unparsable(string clause) =>
        Refusal.Invalid($"Invalid order_by clause '{SearchErrors.Cut(clause)}'. Could not be parsed. Expected a field, then ASC or DESC, such as 'name ASC'.");
}
