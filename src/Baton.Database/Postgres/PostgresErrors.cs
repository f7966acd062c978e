using System.Net.Sockets;
using Npgsql;

namespace Baton.Database.Postgres;

/// <summary>PostgreSQL's error states in Baton's words.</summary>
internal static class PostgresErrors
{
    public static Exception Translate(Exception failure) => failure switch
    {
        PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } unique =>
            new UniqueViolationException(unique.ConstraintName ?? unique.TableName ?? unique.MessageText, unique),
        PostgresException { SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected } conflict =>
            new DatabaseUnavailableException("PostgreSQL gave up this transaction in favour of another one; nothing was written.", conflict) { LostToAnother = true },
        PostgresException { SqlState: PostgresErrorCodes.DiskFull } full =>
            new DatabaseUnavailableException("The disk of the PostgreSQL server is full; nothing was written.", full),
        PostgresException error when error.IsTransient || error.SqlState.StartsWith("57P", StringComparison.Ordinal) =>
            new DatabaseUnavailableException($"The PostgreSQL server cannot answer now: {error.MessageText}", error),
        PostgresException error => new DatabaseException($"{error.MessageText} ({error.SqlState})", error),
        NpgsqlException { InnerException: TimeoutException } slow =>
            new DatabaseUnavailableException("The PostgreSQL server did not answer in time.", slow),
        NpgsqlException or SocketException or IOException =>
            new DatabaseUnavailableException($"The PostgreSQL server cannot be reached: {failure.Message}", failure),
        _ => failure,
    };
}
