namespace Baton.Server.Platform.Search;

/// <summary>Turns a filter into a condition of SQL. What is missing never matches a comparison; NOT gives all rows that its inside does not match.</summary>
internal static class ConditionSql
{
    public static string Of(Condition condition, IFieldSql fields, SqlText sql) => condition switch
    {
        AllOf all => $"({string.Join(" AND ", all.Parts.Select(p => Of(p, fields, sql)))})",
        AnyOf any => $"({string.Join(" OR ", any.Parts.Select(p => Of(p, fields, sql)))})",
        Negation not => $"({Of(not.Inner, fields, sql)}) IS NOT TRUE",
        _ => fields.Test((Comparison)condition, sql),
    };

    /// <summary>A comparison of a value, which is of ours, with what the user wrote. Null matches null tests only.</summary>
    public static string OfValue(string value, Comparison comparison, SqlText sql) => comparison.Comparator switch
    {
        Comparator.Equal => $"{value} = {One(comparison, sql)}",
        Comparator.NotEqual => $"{value} <> {One(comparison, sql)}",
        Comparator.Less => $"{value} < {One(comparison, sql)}",
        Comparator.LessOrEqual => $"{value} <= {One(comparison, sql)}",
        Comparator.Greater => $"{value} > {One(comparison, sql)}",
        Comparator.GreaterOrEqual => $"{value} >= {One(comparison, sql)}",
        Comparator.Like => sql.Dialect.Like(value, One(comparison, sql)),
        Comparator.NotLike => $"NOT ({sql.Dialect.Like(value, One(comparison, sql))})",
        Comparator.ILike => sql.Dialect.ILike(value, One(comparison, sql)),
        Comparator.NotILike => $"NOT ({sql.Dialect.ILike(value, One(comparison, sql))})",
        Comparator.In => Among(value, comparison, sql),
        Comparator.NotIn => $"NOT ({Among(value, comparison, sql)})",
        Comparator.Between => $"({value} >= {One(comparison, sql)} AND {value} <= {sql.Add(comparison.Values[1].Value)})",
        Comparator.NotBetween => $"({value} < {One(comparison, sql)} OR {value} > {sql.Add(comparison.Values[1].Value)})",
        Comparator.IsNull => $"{value} IS NULL",
        Comparator.IsNotNull => $"{value} IS NOT NULL",
        _ => throw new ArgumentOutOfRangeException(nameof(comparison)),
    };

    // LIMIT 1 changes nothing but SQLite's plan: without it EXISTS becomes a join, in whose order SQLite may begin with the wrong table.

    /// <summary>A comparison with the value of a row that may be missing: <paramref name="row"/> is <c>table WHERE condition</c>.</summary>
    public static string OfRow(string row, string value, Comparison comparison, SqlText sql) => comparison.Comparator switch
    {
        Comparator.IsNull => $"NOT EXISTS (SELECT 1 FROM {row} LIMIT 1)",
        Comparator.IsNotNull => $"EXISTS (SELECT 1 FROM {row} LIMIT 1)",
        _ => $"EXISTS (SELECT 1 FROM {row} AND {OfValue(value, comparison, sql)} LIMIT 1)",
    };

    private static string One(Comparison comparison, SqlText sql) => sql.Add(comparison.Values[0].Value);

    private static string Among(string value, Comparison comparison, SqlText sql) => comparison.Values[0].Text is null
        ? $"{value} IN ({string.Join(", ", comparison.Values.Select(v => sql.Add(v.Value)))})"
        : sql.Dialect.Among(value, sql.Add(comparison.Values.Select(v => v.Text!).ToArray()));
}
