namespace Baton.Database;

/// <summary>The two databases Baton speaks to.</summary>
public enum Engine
{
    /// <summary>A SQLite file on a local disk: the embedded default.</summary>
    Sqlite,

    /// <summary>A PostgreSQL server, shared by any number of control planes.</summary>
    Postgres,
}
