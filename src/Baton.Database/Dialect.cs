namespace Baton.Database;

/// <summary>
/// What the two engines write differently. Everything else is one SQL text: <c>@name</c> parameters, <c>TEXT</c> ids, <c>BIGINT</c> times,
/// <c>BOOLEAN</c> with <c>TRUE</c>/<c>FALSE</c>, <c>ON CONFLICT … DO UPDATE … RETURNING</c>, row values, <c>NULLS LAST</c>.
/// </summary>
/// <remarks>Column arguments are SQL of ours, never a client's text; parameters are given with their <c>@</c>.</remarks>
public sealed class Dialect
{
    private Dialect(Engine engine) => Engine = engine;

    /// <summary>SQLite's dialect.</summary>
    public static Dialect Sqlite { get; } = new(Engine.Sqlite);

    /// <summary>PostgreSQL's dialect.</summary>
    public static Dialect Postgres { get; } = new(Engine.Postgres);

    /// <summary>The engine it belongs to.</summary>
    public Engine Engine { get; }

    /// <summary>
    /// Put after a SELECT inside a write: the rows found stay as they are until the write ends. PostgreSQL locks them; on SQLite, where
    /// writes run one after the other, there is nothing to add.
    /// </summary>
    public string ForUpdate => Engine is Engine.Postgres ? " FOR UPDATE" : "";

    /// <summary>As <see cref="ForUpdate"/>, but any number of writes may hold the rows so at once: nobody may change them meanwhile.</summary>
    public string ForShare => Engine is Engine.Postgres ? " FOR SHARE" : "";

    /// <summary>Matches a pattern of <c>%</c> and <c>_</c>, letter case counting. There is no escape character.</summary>
    public string Like(string column, string parameter) => Engine is Engine.Postgres
        ? $"{column} LIKE {parameter} ESCAPE ''"
        // SQLite's LIKE ignores case; GLOB does not, so the pattern is rewritten into GLOB's, its own special characters bracketed first.
        : $"{column} GLOB REPLACE(REPLACE(REPLACE(REPLACE(REPLACE({parameter}, '[', '[[]'), '*', '[*]'), '?', '[?]'), '%', '*'), '_', '?')";

    /// <summary>Matches a pattern of <c>%</c> and <c>_</c>, letter case ignored (for A to Z surely; beyond, as the engine does).</summary>
    public string ILike(string column, string parameter) => Engine is Engine.Postgres
        ? $"{column} ILIKE {parameter} ESCAPE ''"
        : $"{column} LIKE {parameter}";

    /// <summary>Whether a column's value is among a list parameter's; an empty list matches nothing. At most 30,000 values.</summary>
    public string In(string column, string parameter) => Engine is Engine.Postgres
        ? $"{column} = ANY({parameter})"
        : $"{column} IN {parameter}";

    /// <summary>Whether a column's value is among an array given to a prepared statement, of any length.</summary>
    public string Among(string column, string parameter) => Engine is Engine.Postgres
        ? $"{column} = ANY({parameter})"
        : $"{column} IN (SELECT value FROM json_each({parameter}))";
}
