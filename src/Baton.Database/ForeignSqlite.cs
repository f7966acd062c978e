using Baton.Database.Sqlite;
using Microsoft.Data.Sqlite;

namespace Baton.Database;

/// <summary>
/// A SQLite database of another program, read from a copy: opening the original, even to read, could write beside it, and a long read would hold up
/// its owner.
/// </summary>
public sealed class ForeignSqlite : IDisposable
{
    private const int Attempts = 5;
    private static readonly byte[] Magic = "SQLite format 3\0"u8.ToArray();

    private readonly SqliteConnection _connection;
    private readonly string _folder;

    private ForeignSqlite(SqliteConnection connection, string folder)
    {
        _connection = connection;
        _folder = folder;
    }

    /// <summary>Whether a file begins as a SQLite database does.</summary>
    public static bool IsDatabase(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var start = new byte[Magic.Length];
        return stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && start.AsSpan().SequenceEqual(Magic);
    }

    /// <summary>Copies a database with its write-ahead log and opens the copy.</summary>
    /// <exception cref="DatabaseException">It changes all the time, is damaged, or is no SQLite database.</exception>
    public static ForeignSqlite Open(string file)
    {
        var folder = Directory.CreateTempSubdirectory("baton-import-").FullName;
        try
        {
            var copy = Path.Combine(folder, "copy.db");
            Copy(file, copy);
            var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = copy, Pooling = false }.ConnectionString);
            var opened = new ForeignSqlite(connection, folder);
            connection.Open();
            opened.Run("SELECT COUNT(*) FROM sqlite_master");
            return opened;
        }
        catch (SqliteException failure)
        {
            Directory.Delete(folder, recursive: true);
            throw new DatabaseException($"{file} cannot be read: {SqliteErrors.Translate(failure).Message}", failure);
        }
        catch
        {
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    /// <summary>The columns of a table; none where there is no such table.</summary>
    public IReadOnlySet<string> ColumnsOf(string table) =>
        Read("SELECT name FROM pragma_table_info(@table)", ("@table", table)).Select(row => row.Text("name")!).ToHashSet(StringComparer.Ordinal);

    /// <summary>Rows of a query, one after the other; use each before taking the next.</summary>
    public IEnumerable<ForeignRow> Read(string sql, params (string Name, object Value)[] parameters)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
            command.Parameters.AddWithValue(name, value);
        using var reader = command.ExecuteReader();
        var row = new ForeignRow(reader);
        while (reader.Read())
            yield return row;
    }

    /// <summary>Runs a statement on the copy, e.g. to add an index.</summary>
    public void Run(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>Closes and removes the copy.</summary>
    public void Dispose()
    {
        _connection.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    // A copy is of one moment only if nothing changed while it was made.
    private static void Copy(string file, string copy)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var before = (Stamp(file), Stamp(file + "-wal"));
            CopyOne(file, copy);
            File.Delete(copy + "-wal");
            if (before.Item2 is not null)
                CopyOne(file + "-wal", copy + "-wal");
            if (before == (Stamp(file), Stamp(file + "-wal")))
                return;
        }

        throw new DatabaseException($"{file} was changed while it was copied, {Attempts} times over: stop the program that writes it, and try again.");
    }

    private static void CopyOne(string from, string to)
    {
        using var source = new FileStream(from, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var target = new FileStream(to, FileMode.Create, FileAccess.Write);
        source.CopyTo(target, 1 << 20);
    }

    private static (long Length, DateTime At)? Stamp(string file) => new FileInfo(file) is { Exists: true } there ? (there.Length, there.LastWriteTimeUtc) : null;
}
