using System.Diagnostics;
using Npgsql;

namespace Baton.Testing;

/// <summary>
/// A PostgreSQL server for the tests of this process: made in a temporary folder at first use, reached through a socket there, and removed
/// when the process ends, however it ends. With BATON_TEST_POSTGRES set to a connection string that may create databases, that server is used.
/// </summary>
public sealed class PostgresCluster
{
    private const string Install = "sudo apt-get install -y postgresql";

    // Durability off: nothing outlives the test. The shell waits for its input to close, which also happens when the test process is killed.
    private const string Script = """
        trap '' INT HUP
        cd "$1" && "$2/initdb" -D data -A trust -U postgres -E UTF8 --locale=C --no-sync >initdb.log 2>&1 || { cat initdb.log; exit 1; }
        "$2/pg_ctl" -D data -l server.log -w -o "-k '$1' -c listen_addresses='' -c max_connections=300 -c fsync=off -c full_page_writes=off" \
            start >pg_ctl.log 2>&1 || { cat pg_ctl.log server.log; exit 1; }
        echo ready
        read -r _
        "$2/pg_ctl" -D data -m immediate stop >/dev/null 2>&1
        cd / && rm -rf "$1"
        """;

    private static readonly Lazy<Task<PostgresCluster>> Started = new(StartAsync);

    // Held so that its input stays open: the shell ends the server when it closes.
    private readonly Process? _shell;
    private readonly string _server;
    private int _databases;

    private PostgresCluster(string server, Process? shell)
    {
        _server = server;
        _shell = shell;
    }

    /// <summary>The server of this process; the first call starts it.</summary>
    /// <exception cref="InvalidOperationException">PostgreSQL is not installed or does not start.</exception>
    public static Task<PostgresCluster> StartedAsync() => Started.Value;

    /// <summary>The connection string of one of its databases.</summary>
    public string ConnectionTo(string database) => new NpgsqlConnectionStringBuilder(_server) { Database = database }.ConnectionString;

    /// <summary>Makes an empty database with the encoding and collation Baton asks for.</summary>
    /// <returns>Its name.</returns>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = $"baton_test_{Environment.ProcessId}_{Interlocked.Increment(ref _databases)}";
        await ExecuteAsync($"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'");
        return name;
    }

    /// <summary>Removes a database, connections or not.</summary>
    public Task DropDatabaseAsync(string name) => ExecuteAsync($"DROP DATABASE IF EXISTS {name} WITH (FORCE)");

    /// <summary>Runs a statement outside every transaction, as the server's owner.</summary>
    public async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(_server) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<PostgresCluster> StartAsync()
    {
        if (Environment.GetEnvironmentVariable("BATON_TEST_POSTGRES") is { Length: > 0 } given)
            return new PostgresCluster(given, null);
        var binaries = FindBinaries() ?? throw new InvalidOperationException($"PostgreSQL is not installed, and the tests need it. Install it with: {Install}");
        var folder = Directory.CreateTempSubdirectory("baton-pg-").FullName;
        // PostgreSQL refuses to run as root.
        string[] asPostgres = Environment.UserName == "root" ? ["runuser", "-u", "postgres", "--"] : [];
        if (asPostgres.Length > 0)
            await RunAsync("chown", "postgres", folder);
        var shell = Start([.. asPostgres, "sh", "-c", Script, "sh", folder, binaries]);
        var said = new List<string>();
        while (await shell.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line == "ready")
                return new PostgresCluster($"Host={folder};Username=postgres;Database=postgres", shell);
            said.Add(line);
        }

        throw new InvalidOperationException($"PostgreSQL ({binaries}) does not start in {folder}:\n{string.Join('\n', said)}\n{await shell.StandardError.ReadToEndAsync()}");
    }

    private static string? FindBinaries()
    {
        const string Debian = "/usr/lib/postgresql";
        var versions = Directory.Exists(Debian)
            ? Directory.EnumerateDirectories(Debian).OrderByDescending(path => int.TryParse(Path.GetFileName(path), out var number) ? number : 0)
            : Enumerable.Empty<string>();
        var onPath = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return versions.Select(path => Path.Combine(path, "bin")).Concat(onPath)
            .FirstOrDefault(path => File.Exists(Path.Combine(path, "initdb")) && File.Exists(Path.Combine(path, "pg_ctl")));
    }

    private static async Task RunAsync(params string[] command)
    {
        using var process = Start(command);
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{string.Join(' ', command)} failed: {await process.StandardError.ReadToEndAsync()}");
    }

    private static Process Start(string[] command) =>
        Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        })!;
}
