using System.Diagnostics;
using System.Text;
using Baton.Database;
using Baton.Testing;

namespace Baton.EndToEndTests.Clients;

/// <summary>The built executable's <c>baton server</c> alone, on a fresh database and a free port; ended with the test.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private const string Listening = "baton: listening on ";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly TempDirectory _folder;
    private readonly TestDatabase _database;

    private RunningServer(Process process, TempDirectory folder, TestDatabase database)
    {
        _process = process;
        _folder = folder;
        _database = database;
    }

    /// <summary>Address without a slash at its end, as a tracking URI is written.</summary>
    public string Endpoint { get; private set; } = "";

    public static async Task<RunningServer> StartAsync(Engine engine)
    {
        var (folder, database) = (new TempDirectory(), await TestDatabase.CreateAsync(engine));
        var said = new StringBuilder();
        var address = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var process = Process.Start(new ProcessStartInfo(BatonBinary.Path, ["server", "--data", folder.Path, "--port", "0", "--database", database.Connection])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var server = new RunningServer(process, folder, database);
        void Hear(string? line)
        {
            lock (said)
                said.AppendLine(line);
            if (line?.StartsWith(Listening, StringComparison.Ordinal) is true)
                address.TrySetResult(line[Listening.Length..].Trim());
        }

        process.OutputDataReceived += (_, e) => Hear(e.Data);
        process.ErrorDataReceived += (_, e) => Hear(e.Data);
        process.EnableRaisingEvents = true;
        process.Exited += (_, _) =>
        {
            lock (said)
                address.TrySetException(new InvalidOperationException($"baton server ended: {said}"));
        };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            server.Endpoint = await address.Task.WaitAsync(Patience);
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
            ProcessTree.Signal(_process.Id, "TERM");
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        await _database.DisposeAsync();
        _folder.Dispose();
    }
}
