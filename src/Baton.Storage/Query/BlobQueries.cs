using System.Data.Common;
using DuckDB.NET.Data;

namespace Baton.Storage.Query;

/// <summary>
/// Answers questions to Parquet blobs with DuckDB, each in a database of its own that lives in memory, sees the blob folder and nothing else, cannot
/// load extensions or change its settings, and is bounded in memory, disk and threads. A blob is checked against its digest before it is read.
/// </summary>
public sealed class BlobQueries : IDisposable
{
    private readonly BlobStore _blobs;
    private readonly QueryLimits _limits;
    private readonly SemaphoreSlim _slots;

    /// <summary>Queries over a store.</summary>
    /// <param name="blobs">The store.</param>
    /// <param name="limits">What queries may use; null for the defaults.</param>
    public BlobQueries(BlobStore blobs, QueryLimits? limits = null)
    {
        _blobs = blobs;
        _limits = limits ?? new QueryLimits();
        _slots = new SemaphoreSlim(_limits.Concurrent);
    }

    /// <summary>Answers with rows, which are read before the task completes.</summary>
    /// <param name="query">The question.</param>
    /// <param name="read">Reads the rows; it must not wait for anything else.</param>
    /// <param name="ct">Breaks the query off.</param>
    /// <exception cref="BlobCorruptException">A blob is not what was stored.</exception>
    /// <exception cref="QueryFailedException">It could not be answered.</exception>
    public Task<T> ReadAsync<T>(BlobQuery query, Func<DbDataReader, T> read, CancellationToken ct = default) => RunAsync(query, connection =>
    {
        using var command = Command(connection, query.Sql, query.Parameters);
        command.UseStreamingMode = true;
        using var stop = ct.Register(command.Cancel);
        using var reader = command.ExecuteReader();
        return read(reader);
    }, ct);

    /// <summary>Answers with a file, whose name is gone already and whose bytes go when the stream is closed: a slow reader holds up no query.</summary>
    /// <exception cref="BlobCorruptException">A blob is not what was stored.</exception>
    /// <exception cref="QueryFailedException">It could not be answered.</exception>
    public Task<Stream> WriteAsync(BlobQuery query, QueryFormat format, CancellationToken ct = default) => RunAsync<Stream>(query, connection =>
    {
        var file = _blobs.TemporaryPath();
        try
        {
            var written = format switch
            {
                QueryFormat.Csv => "FORMAT csv, HEADER",
                QueryFormat.Json => "FORMAT json, ARRAY true",
                _ => "FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1",
            };
            using (var command = Command(connection, $"COPY ({query.Sql}) TO {Quoted(file)} ({written})", query.Parameters))
            using (ct.Register(command.Cancel))
                command.ExecuteNonQuery();
            return new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 64 * 1024, FileOptions.DeleteOnClose | FileOptions.SequentialScan);
        }
        catch
        {
            File.Delete(file);
            throw;
        }
    }, ct);

    /// <summary>Answers with a Parquet blob, which is on the disk when the task completes.</summary>
    /// <exception cref="BlobCorruptException">A blob is not what was stored.</exception>
    /// <exception cref="QueryFailedException">It could not be answered.</exception>
    public async Task<Blob> SealAsync(BlobQuery query, CancellationToken ct = default)
    {
        await using var file = await WriteAsync(query, QueryFormat.Parquet, ct);
        return await _blobs.PutAsync(file, ct: ct);
    }

    /// <inheritdoc />
    public void Dispose() => _slots.Dispose();

    private async Task<T> RunAsync<T>(BlobQuery query, Func<DuckDBConnection, T> work, CancellationToken ct)
    {
        var views = new List<(string Name, BlobRows Rows, IReadOnlyList<string> Paths)>();
        foreach (var (name, rows) in query.Views)
            views.Add((name, rows, await PathsAsync(rows.Files, ct)));
        await _slots.WaitAsync(ct);
        try
        {
            // DuckDB has no asynchronous interface: a query holds a thread.
            return await Task.Run(() => Run(query, views, work), ct);
        }
        catch (DuckDBException failed)
        {
            ct.ThrowIfCancellationRequested();
            var reason = failed.Message.Split('\n')[0];
            throw new QueryFailedException(
                reason.Contains("Out of Memory", StringComparison.Ordinal)
                    ? $"The query needs more than the {_limits.MemoryBytes >> 20} MiB of memory that one may use: ask for a shorter range or fewer rows."
                    : $"The query could not be answered: {reason}",
                failed);
        }
        finally
        {
            _slots.Release();
        }
    }

    private T Run<T>(BlobQuery query, IReadOnlyList<(string Name, BlobRows Rows, IReadOnlyList<string> Paths)> views, Func<DuckDBConnection, T> work)
    {
        var spill = _blobs.TemporaryPath() + ".spill";
        try
        {
            using var connection = new DuckDBConnection("DataSource=:memory:");
            connection.Open();
            Execute(connection, Sandbox(spill));
            foreach (var (name, rows, paths) in views)
                Execute(connection, QueryTables.View(name, rows, paths));
            foreach (var (name, table) in query.Tables)
                QueryTables.Fill(connection, name, table);
            return work(connection);
        }
        finally
        {
            if (Directory.Exists(spill))
                Directory.Delete(spill, recursive: true);
        }
    }

    // In this order: once external access is off it stays off, and once locked nothing can be set.
    private string Sandbox(string spill) =>
        $"""
        SET threads = {_limits.Threads};
        SET memory_limit = '{_limits.MemoryBytes}B';
        SET temp_directory = {Quoted(spill)};
        SET max_temp_directory_size = '{_limits.SpillBytes}B';
        SET autoinstall_known_extensions = false;
        SET autoload_known_extensions = false;
        SET allow_community_extensions = false;
        SET allowed_directories = [{Quoted(_blobs.Root)}];
        SET enable_external_access = false;
        SET lock_configuration = true
        """;

    private async Task<IReadOnlyList<string>> PathsAsync(IReadOnlyList<Digest> files, CancellationToken ct)
    {
        var paths = new List<string>(files.Count);
        foreach (var digest in files)
        {
            paths.Add(await _blobs.LocalPathAsync(digest, ct)
                ?? throw new BlobCorruptException(digest, null, "it is missing"));
        }

        return paths;
    }

    internal static string Quoted(string text) => $"'{text.Replace("'", "''")}'";

    internal static void Execute(DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static DuckDBCommand Command(DuckDBConnection connection, string sql, IReadOnlyDictionary<string, object> parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
            command.Parameters.Add(new DuckDBParameter(name, value));
        return command;
    }
}
