using System.Diagnostics;
using System.Text;
using Baton.Client;
using Baton.Testing;

namespace Baton.EndToEndTests;

/// <summary>The built executable's <c>baton up</c> on a data folder and a free port; ended, with all its children, at the end.</summary>
internal sealed class RunningBaton : IAsyncDisposable
{
    private readonly StringBuilder _output = new();
    private readonly TempDirectory? _own;
    private readonly TaskCompletionSource<Uri> _serving = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private RunningBaton(Process supervisor, string data, TempDirectory? own)
    {
        Supervisor = supervisor;
        Data = data;
        _own = own;
    }

    public Process Supervisor { get; }

    public string Data { get; }

    public Uri Address { get; private set; } = null!;

    /// <summary>Where the serving node answers.</summary>
    public Uri Serving { get; private set; } = null!;

    public BatonClient Client { get; private set; } = null!;

    /// <summary>What it said so far.</summary>
    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    public static async Task<RunningBaton> StartAsync(string? data = null, string[]? arguments = null)
    {
        var own = data is null ? new TempDirectory() : null;
        data ??= own!.File("data");
        // A background shell starts its children deaf to SIGINT, and the tests may run in one; the person at the terminal does not.
        var process = Process.Start(new ProcessStartInfo("env", ["--default-signal=INT", BatonBinary.Path, "up", "--data", data, "--port", "0", "--serve-port", "0", .. arguments ?? []])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var running = new RunningBaton(process, data, own);
        var address = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        process.OutputDataReceived += (_, e) => running.Hear(e.Data, address);
        process.ErrorDataReceived += (_, e) => running.Hear(e.Data, address);
        process.EnableRaisingEvents = true;
        process.Exited += (_, _) => address.TrySetException(new InvalidOperationException($"baton up ended with {process.ExitCode}: {running.Output}"));
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        running.Address = await address.Task.WaitAsync(TimeSpan.FromSeconds(60));
        running.Serving = await running._serving.Task.WaitAsync(TimeSpan.FromSeconds(60));
        running.Client = new BatonClient(running.Address);
        return running;
    }

    /// <summary>Process ids of its children by verb: <c>server</c>, <c>serve</c>, <c>agent</c>.</summary>
    public IReadOnlyDictionary<string, int> Children() => ProcessTree.ChildrenOf(Supervisor.Id)
        .Select(pid => (Pid: pid, Verb: ProcessTree.CommandLineOf(pid).FirstOrDefault(word => word is "server" or "serve" or "agent")))
        .Where(child => child.Verb is not null)
        .ToDictionary(child => child.Verb!, child => child.Pid);

    public async Task<int> InterruptAsync()
    {
        ProcessTree.Signal(Supervisor.Id, "INT");
        await Supervisor.WaitForExitAsync(new CancellationTokenSource(TimeSpan.FromSeconds(30)).Token);
        return Supervisor.ExitCode;
    }

    private void Hear(string? line, TaskCompletionSource<Uri> address)
    {
        if (line is null)
            return;
        lock (_output)
            _output.AppendLine(line);
        const string told = "Baton is at ";
        if (line.StartsWith(told, StringComparison.Ordinal))
            address.TrySetResult(new Uri(line[told.Length..].Trim()));
        const string serving = "  serving  ";
        if (line.StartsWith(serving, StringComparison.Ordinal))
            _serving.TrySetResult(new Uri(line[serving.Length..].Trim()));
    }

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        try
        {
            if (!Supervisor.HasExited)
                await InterruptAsync();
        }
        finally
        {
            // One that does not end when asked fails the test, and is not left running either.
            if (!Supervisor.HasExited)
            {
                Supervisor.Kill(entireProcessTree: true);
                await Supervisor.WaitForExitAsync();
            }

            Supervisor.Dispose();
            _own?.Dispose();
        }
    }
}
