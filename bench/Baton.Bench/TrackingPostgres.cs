using System.Diagnostics;
using System.Globalization;

namespace Baton.Bench;

/// <summary>A PostgreSQL server of its own in a temporary folder, as it comes: every commit is on the disk before it is answered.</summary>
internal sealed class TrackingPostgres : IAsyncDisposable
{
    private static readonly double Tick = 1000d / 100; // USER_HZ is 100 on every Linux that .NET runs on.

    private readonly string _folder;
    private readonly string _binaries;
    private readonly string[] _as;
    private int _databases;

    private TrackingPostgres(string folder, string binaries, string[] asUser)
    {
        _folder = folder;
        _binaries = binaries;
        _as = asUser;
    }

    /// <summary>Processor time of all its processes, and of those that have ended.</summary>
    public TimeSpan Cpu
    {
        get
        {
            var postmaster = int.Parse(File.ReadLines(Path.Combine(_folder, "data", "postmaster.pid")).First(), CultureInfo.InvariantCulture);
            var ticks = 0L;
            foreach (var process in Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(name => name!.All(char.IsAsciiDigit)))
            {
                if (Stat(process!) is not { } stat)
                    continue;
                var own = process == postmaster.ToString(CultureInfo.InvariantCulture);
                if (own || stat[1] == postmaster.ToString(CultureInfo.InvariantCulture))
                    ticks += Number(stat[11]) + Number(stat[12]);
                if (own)
                    ticks += Number(stat[13]) + Number(stat[14]);
            }

            return TimeSpan.FromMilliseconds(ticks * Tick);
        }
    }

    public static TrackingPostgres Start()
    {
        const string Debian = "/usr/lib/postgresql";
        var binaries = (Directory.Exists(Debian) ? Directory.GetDirectories(Debian).Order(StringComparer.Ordinal).Reverse().Select(path => Path.Combine(path, "bin")) : [])
            .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
            .FirstOrDefault(path => File.Exists(Path.Combine(path, "initdb")))
            ?? throw new BenchException("PostgreSQL is not installed: sudo apt-get install -y postgresql, or measure with --database sqlite.");
        var folder = Directory.CreateTempSubdirectory("baton-bench-pg-").FullName;
        string[] asUser = Environment.UserName == "root" ? ["runuser", "-u", "postgres", "--"] : [];
        if (asUser.Length > 0)
            Run([], "chown", "postgres", folder);
        var postgres = new TrackingPostgres(folder, binaries, asUser);
        Run(asUser, Path.Combine(binaries, "initdb"), "-D", Path.Combine(folder, "data"), "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C");
        Run(asUser, Path.Combine(binaries, "pg_ctl"), "-D", Path.Combine(folder, "data"), "-l", Path.Combine(folder, "server.log"), "-w",
            "-o", $"-k {folder} -c listen_addresses='' -c max_connections=200 -c shared_buffers=512MB -c max_wal_size=4GB", "start");
        return postgres;
    }

    /// <summary>Makes an empty database.</summary>
    /// <returns>How to connect to it.</returns>
    public string CreateDatabase()
    {
        var name = $"bench{++_databases}";
        Run(_as, Path.Combine(_binaries, "createdb"), "-h", _folder, "-U", "postgres", "-T", "template0", "-E", "UTF8", "--locale=C", name);
        return $"Host={_folder};Username=postgres;Database={name}";
    }

    public ValueTask DisposeAsync()
    {
        Run(_as, Path.Combine(_binaries, "pg_ctl"), "-D", Path.Combine(_folder, "data"), "-m", "immediate", "stop");
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    private static string[]? Stat(string process)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{process}/stat");
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    private static void Run(string[] asUser, params string[] command)
    {
        string[] whole = [.. asUser, .. command];
        // Its output is not read: the server that it leaves behind would hold the pipe open.
        using var process = Process.Start(new ProcessStartInfo("sh", ["-c", "exec \"$@\" >/dev/null 2>&1", "sh", .. whole]) { WorkingDirectory = "/" })!;
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new BenchException($"{string.Join(' ', whole)} ended with {process.ExitCode}.");
    }
}
