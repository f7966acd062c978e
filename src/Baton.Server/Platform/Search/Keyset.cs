namespace Baton.Server.Platform.Search;

/// <summary>Pages by the last row's order values instead of an offset: page 1,000 costs what page 1 costs.</summary>
internal static class Keyset
{
    public static string Order(IEnumerable<SortKey> keys) => string.Join(", ", keys.Select(k => k.Order));

    /// <summary>The rows that come after one; the keys together must be unique.</summary>
    public static string After(IReadOnlyList<SortKey> keys, IReadOnlyList<SortValue> last, SqlText sql)
    {
        var condition = "";
        for (var i = keys.Count - 1; i >= 0; i--)
            condition = After(keys[i], last[i], condition, sql);
        return condition;
    }

    // In words: later in this column, or level in it and after in the rest. The bound in front lets an index begin where the page does.
    private static string After(SortKey key, SortValue last, string rest, SqlText sql)
    {
        var (later, most) = key.Descending ? ("<", "<=") : (">", ">=");
        if (key.Rank is not { } rank)
            return rest.Length == 0
                ? $"{key.Value} {later} {sql.Add(last.Value!)}"
                : $"({key.Value} {most} {sql.Add(last.Value!)} AND ({key.Value} {later} {sql.Add(last.Value!)} OR {rest}))";
        if (last.Rank > 0)
            return rest.Length == 0 ? $"{rank} > {sql.Add(last.Rank)}" : $"({rank} > {sql.Add(last.Rank)} OR ({rank} = {sql.Add(last.Rank)} AND {rest}))";
        var level = rest.Length == 0 ? "" : $" OR ({key.Value} = {sql.Add(last.Value!)} AND {rest})";
        return $"({rank} > 0 OR {key.Value} {later} {sql.Add(last.Value!)}{level})";
    }
}
