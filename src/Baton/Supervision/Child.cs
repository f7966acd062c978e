using System.ComponentModel;
using System.Diagnostics;

namespace Baton.Supervision;

/// <summary>One child process: started, restarted with back-off when it dies, ended by closing its standard input.</summary>
internal sealed class Child(ChildPlan plan, ChildLog log, TimeProvider time)
{
    private const int CannotExecute = 126;

    private static readonly TimeSpan EndWithin = TimeSpan.FromSeconds(10);

    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when the child is ready for the first time; fails where it never will be.</summary>
    public Task Ready => _ready.Task;

    /// <summary>Process id of the running child; null between two.</summary>
    public int? ProcessId { get; private set; }

    /// <summary>Keeps the child alive until told to stop, and returns when it is gone.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var backoff = new Backoff();
        try
        {
            while (!stop.IsCancellationRequested)
            {
                var started = time.GetTimestamp();
                var exitCode = await LiveAsync(stop);
                if (stop.IsCancellationRequested)
                    return;
                if (plan.MustStart && !_ready.Task.IsCompleted)
                {
                    _ready.SetException(new ChildRefusedException(exitCode));
                    return;
                }
                var wait = backoff.After(time.GetElapsedTime(started));
                log.Write($"baton: ended ({HowItEnded(exitCode)}); starting it again in {wait.TotalSeconds:0.0} s");
                await Task.Delay(wait, time, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Told to stop while waiting to start again.
        }
        catch (Exception e)
        {
            _ready.TrySetException(e);
            throw;
        }
        finally
        {
            _ready.TrySetCanceled();
        }
    }

    private async Task<int> LiveAsync(CancellationToken stop)
    {
        var program = BatonExecutable.Current;
        var start = new ProcessStartInfo(program.FileName, [.. program.Prefix, .. plan.Arguments()])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var (name, value) in plan.Environment)
            start.Environment[name] = value;
        using var process = TryStart(start);
        if (process is null)
            return CannotExecute;
        ProcessId = process.Id;
        try
        {
            var reading = Task.WhenAll(ReadAsync(process.StandardOutput, Hear), ReadAsync(process.StandardError, log.Write));
            await TellAsync(process);
            try
            {
                await process.WaitForExitAsync(stop);
            }
            catch (OperationCanceledException)
            {
                await EndAsync(process);
            }
            // A grandchild may hold the pipes open; what the child itself wrote is there already.
            await Task.WhenAny(reading, Task.Delay(TimeSpan.FromSeconds(1), time, CancellationToken.None));
            return process.ExitCode;
        }
        finally
        {
            ProcessId = null;
        }
    }

    private Process? TryStart(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start);
        }
        catch (Win32Exception e)
        {
            // E.g. while the program is being replaced by a newer build.
            log.Write($"baton: {start.FileName} cannot be started: {e.Message}");
            return null;
        }
    }

    private void Hear(string line)
    {
        log.Write(line);
        if (plan.IsReady(line))
            _ready.TrySetResult();
    }

    private async Task TellAsync(Process process)
    {
        try
        {
            await process.StandardInput.WriteLineAsync(plan.FirstLine);
            await process.StandardInput.FlushAsync();
        }
        catch (IOException)
        {
            // It is dead already; its exit says so.
        }
    }

    private async Task EndAsync(Process process)
    {
        try
        {
            process.StandardInput.Close();
            await process.WaitForExitAsync(CancellationToken.None).WaitAsync(EndWithin, time);
        }
        catch (Exception e) when (e is TimeoutException or IOException)
        {
            log.Write($"baton: did not end within {EndWithin.TotalSeconds:0} s; killed");
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    private static async Task ReadAsync(StreamReader reader, Action<string> take)
    {
        while (await reader.ReadLineAsync() is { } line)
            take(line);
    }

    private static string HowItEnded(int exitCode) => exitCode > 128 && !OperatingSystem.IsWindows() ? $"signal {exitCode - 128}" : $"exit code {exitCode}";
}
