using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Baton.Bench;

/// <summary>The built executable's <c>baton server</c> on an empty directory; ended with the benchmark.</summary>
internal sealed class TrackingServer : IAsyncDisposable
{
    private static readonly TimeSpan StartWithin = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly DirectoryInfo _work;
    private readonly TrackingPostgres? _postgres;

    private TrackingServer(Process process, DirectoryInfo work, TrackingPostgres? postgres, IPEndPoint address)
    {
        _process = process;
        _work = work;
        _postgres = postgres;
        Address = address;
    }

    public IPEndPoint Address { get; }

    /// <summary>From the start of the process to its first answer.</summary>
    public TimeSpan StartedIn { get; private set; }

    /// <summary>Where it keeps its files.</summary>
    public string Directory => _work.FullName;

    /// <summary>Processor time it has taken so far, and that of PostgreSQL's processes beside it.</summary>
    public (TimeSpan Server, TimeSpan Database) Cpu
    {
        get
        {
            _process.Refresh();
            return (_process.TotalProcessorTime, _postgres?.Cpu ?? TimeSpan.Zero);
        }
    }

    /// <summary>Memory it holds now, MiB.</summary>
    public double Memory
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64 / 1048576d;
        }
    }

    public static async Task<TrackingServer> StartAsync(string baton, TrackingPostgres? postgres, CancellationToken cancellation)
    {
        var work = System.IO.Directory.CreateTempSubdirectory("baton-bench-");
        List<string> arguments = ["server", "--data", work.FullName, "--port", $"{FreePort()}"];
        var address = new IPEndPoint(IPAddress.Loopback, int.Parse(arguments[^1], System.Globalization.CultureInfo.InvariantCulture));
        if (postgres is not null)
            arguments.AddRange(["--database", $"postgres:{postgres.CreateDatabase()}"]);
        var watch = Stopwatch.StartNew();
        Process process;
        try
        {
            process = Process.Start(new ProcessStartInfo(baton, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new BenchException($"{baton} does not start ({e.Message}): bench/run builds it.", e);
        }

        process.BeginOutputReadLine();
        var server = new TrackingServer(process, work, postgres, address);
        try
        {
            while (!server.Answers())
            {
                if (process.HasExited)
                    throw new BenchException($"baton server ended with {process.ExitCode} before it answered; what it said stands above.");
                if (watch.Elapsed > StartWithin)
                    throw new BenchException($"baton server did not answer within {StartWithin.TotalSeconds:0} s.");
                await Task.Delay(5, cancellation);
            }

            server.StartedIn = watch.Elapsed;
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            using var interrupt = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
            await interrupt.WaitForExitAsync();
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            try
            {
                await _process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill(entireProcessTree: true);
            }
        }

        _process.Dispose();
        _work.Delete(recursive: true);
    }

    private bool Answers()
    {
        try
        {
            using var wire = new TrackingWire(Address);
            wire.Ask(TrackingWire.Request("GET", "/health", null));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
