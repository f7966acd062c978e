namespace Baton.Database;

/// <summary>The database refused what it was asked: a wrong statement, a broken constraint, a schema this binary does not know.</summary>
public class DatabaseException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>
/// The database cannot be reached, is locked, full or overloaded, or its disk fails: nothing is wrong with the request, and it may be sent
/// again. The message says whether the write may have happened.
/// </summary>
public sealed class DatabaseUnavailableException(string message, Exception? inner = null) : DatabaseException(message, inner)
{
    /// <summary>The engine gave this transaction up in favour of another one; run again, it may well succeed.</summary>
    internal bool LostToAnother { get; init; }
}

/// <summary>A row with the same key exists already.</summary>
/// <param name="constraintOrTable">What was violated: <c>table.column, table.column</c> on SQLite, the constraint's name on PostgreSQL.</param>
/// <param name="inner">The provider's exception.</param>
public sealed class UniqueViolationException(string constraintOrTable, Exception inner)
    : Exception($"A row with the same key exists already ({constraintOrTable}).", inner)
{
    /// <summary>What was violated: <c>table.column, table.column</c> on SQLite, the constraint's name on PostgreSQL.</summary>
    public string ConstraintOrTable { get; } = constraintOrTable;
}
