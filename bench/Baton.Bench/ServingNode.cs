using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Baton.Bench;

/// <summary>The built executable's <c>baton serve</c> on a model file, on a free port of this machine; ended with the benchmark.</summary>
internal sealed class ServingNode : IAsyncDisposable
{
    private static readonly TimeSpan StartWithin = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(10);

    private readonly Process _process;
    private readonly DirectoryInfo _work;

    private ServingNode(Process process, DirectoryInfo work, IPEndPoint address)
    {
        _process = process;
        _work = work;
        Address = address;
    }

    public IPEndPoint Address { get; }

    /// <summary>Processor time that it has taken so far, user and system, as <c>/proc/PID/stat</c> counts it.</summary>
    public TimeSpan Cpu
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Memory that it holds now, bytes.</summary>
    public long Memory
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    public static async Task<ServingNode> StartAsync(string baton, string model, CancellationToken cancellation)
    {
        var address = new IPEndPoint(IPAddress.Loopback, FreePort());
        var work = Directory.CreateTempSubdirectory("baton-bench-");
        var start = new ProcessStartInfo(baton, ["serve", model, "--port", $"{address.Port}", "--work", work.FullName])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new BenchException($"{baton} does not start ({e.Message}): bench/run builds it.", e);
        }

        // What it says there is for its user; what goes wrong it tells on stderr.
        process.BeginOutputReadLine();
        var node = new ServingNode(process, work, address);
        try
        {
            await node.ReadyAsync(cancellation);
            return node;
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            // Ended as its supervisor would: its input closes, and by force where that does not do.
            _process.StandardInput.Close();
            using var interrupt = Process.Start("kill", ["-INT", $"{_process.Id}"]);
            await interrupt.WaitForExitAsync();
            using var limit = new CancellationTokenSource(StopWithin);
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

    private async Task ReadyAsync(CancellationToken cancellation)
    {
        using var http = new HttpClient { BaseAddress = new Uri($"http://{Address}"), Timeout = TimeSpan.FromSeconds(5) };
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < StartWithin; await Task.Delay(50, cancellation))
        {
            if (_process.HasExited)
                throw new BenchException($"The serving node ended with {_process.ExitCode} before it was ready; what it said stands above.");
            try
            {
                using var answer = await http.GetAsync("v2/health/ready", cancellation);
                if (answer.IsSuccessStatusCode)
                    return;
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }
        }

        throw new BenchException($"The serving node was not ready within {StartWithin.TotalSeconds:0} s.");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
