using Microsoft.Data.Sqlite;

namespace Baton.Database.Sqlite;

/// <summary>SQLite's result codes in Baton's words.</summary>
internal static class SqliteErrors
{
    private const int Busy = 5;
    private const int Locked = 6;
    private const int ReadOnly = 8;
    private const int IoError = 10;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int CannotOpen = 14;
    private const int NotADatabase = 26;
    private const int ConstraintPrimaryKey = 1555;
    private const int ConstraintUnique = 2067;

    public static Exception Translate(Exception failure) => failure is not SqliteException sqlite ? failure : sqlite switch
    {
        { SqliteExtendedErrorCode: ConstraintPrimaryKey or ConstraintUnique } => new UniqueViolationException(Constraint(sqlite.Message), sqlite),
        { SqliteErrorCode: Busy or Locked } => new DatabaseUnavailableException("The database is locked by another process; nothing was written.", sqlite),
        { SqliteErrorCode: Full } => new DatabaseUnavailableException("The disk of the database is full; nothing was written. Free some space.", sqlite),
        { SqliteErrorCode: IoError or CannotOpen } => new DatabaseUnavailableException($"The disk of the database failed: {sqlite.Message}", sqlite),
        { SqliteErrorCode: ReadOnly } => new DatabaseException($"This database connection cannot write: {sqlite.Message}", sqlite),
        { SqliteErrorCode: Corrupt or NotADatabase } => new DatabaseException(
            $"The database file is damaged or is not a SQLite database: {sqlite.Message}. Restore it from a backup.", sqlite),
        _ => new DatabaseException(sqlite.Message, sqlite),
    };

    /// <summary>After such a failure what is on the disk is not known, so nothing more may be written until a restart has read it back.</summary>
    public static bool LeavesDiskUnsure(Exception failure) => failure is SqliteException { SqliteErrorCode: IoError or Corrupt };

    // "SQLite Error 19: 'UNIQUE constraint failed: runs.project, runs.run_id'."
    private static string Constraint(string message)
    {
        const string Marker = "constraint failed: ";
        var start = message.IndexOf(Marker, StringComparison.Ordinal);
        return start < 0 ? message : message[(start + Marker.Length)..].TrimEnd('.', '\'');
    }
}
