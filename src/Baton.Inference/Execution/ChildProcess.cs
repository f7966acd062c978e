using System.ComponentModel;
using System.Diagnostics;

namespace Baton.Inference.Execution;

/// <summary>
/// A child process that must not outlive its owner: started in an empty folder with next to no environment, first in line for the kernel's
/// out-of-memory killer, watched for its memory every 20 ms, and killed with all its descendants when it is disposed.
/// </summary>
public sealed class ChildProcess : IAsyncDisposable
{
    private static readonly TimeSpan WatchEvery = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    // What an executable needs to find its runtime and libraries; nothing of the owner's secrets.
    private static readonly string[] Inherited =
        ["PATH", "DOTNET_ROOT", "DOTNET_ROOT_X64", "DOTNET_ROOT_ARM64", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "LANG", "TZ", "SystemRoot"];

    private readonly Process _process;
    private readonly string _folder;
    private readonly TimeProvider _time;
    private readonly LastWords _lastWords = new();
    private readonly CancellationTokenSource _watching = new();
    private readonly Task _watch;
    private readonly Task _listening;
    private ModelProcessFailure.OutOfMemory? _overLimit;

    private ChildProcess(Process process, string folder, long memoryLimitBytes, TimeProvider time)
    {
        _process = process;
        _folder = folder;
        _time = time;
        _listening = _lastWords.Follow(process.StandardError);
        _watch = WatchAsync(memoryLimitBytes);
    }

    /// <summary>What the child reads.</summary>
    public Stream Input => _process.StandardInput.BaseStream;

    /// <summary>What the child writes.</summary>
    public Stream Output => _process.StandardOutput.BaseStream;

    /// <summary>Its process id.</summary>
    public int Id => _process.Id;

    /// <summary>Starts a child.</summary>
    /// <param name="fileName">The executable.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="memoryLimitBytes">Resident memory above which it is killed.</param>
    /// <param name="time">Clock.</param>
    /// <param name="workingDirectory">Where it starts; null for an empty folder of its own.</param>
    /// <exception cref="Win32Exception">The executable cannot be run.</exception>
    public static ChildProcess Start(string fileName, IReadOnlyList<string> arguments, long memoryLimitBytes, TimeProvider time, string? workingDirectory = null)
    {
        var folder = Directory.CreateTempSubdirectory("baton-").FullName;
        var start = new ProcessStartInfo(fileName, arguments)
        {
            WorkingDirectory = workingDirectory ?? folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
        };
        start.Environment.Clear();
        foreach (var name in Inherited)
        {
            if (Environment.GetEnvironmentVariable(name) is { } value)
                start.Environment[name] = value;
        }

        foreach (var name in (ReadOnlySpan<string>)["HOME", "TMPDIR", "TEMP", "TMP"])
            start.Environment[name] = folder;
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        start.Environment["DOTNET_NOLOGO"] = "1";
        try
        {
            var process = Process.Start(start)!;
            OfferToOutOfMemoryKiller(process);
            return new ChildProcess(process, folder, memoryLimitBytes, time);
        }
        catch
        {
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    /// <summary>Why the child is gone. Kills it if it is not.</summary>
    public async Task<ModelProcessFailure> DeathAsync()
    {
        // A closed pipe comes a moment before the exit code: the child may be writing its last words.
        var byItself = await EndedWithinAsync(TimeSpan.FromSeconds(2));
        if (!byItself)
            Kill();
        await EndedWithinAsync(Grace);
        await Task.WhenAny(_listening, Task.Delay(TimeSpan.FromSeconds(1), _time));
        if (_overLimit is not null)
            return _overLimit;
        return byItself
            ? new ModelProcessFailure.Crashed(_process.ExitCode, _lastWords.ToString())
            : new ModelProcessFailure.Broken($"the model process closed its output but did not end, and was stopped{Said()}");
    }

    /// <summary>The last lines of standard error, after a colon; empty where there are none.</summary>
    public string Said() => _lastWords.ToString() is { Length: > 0 } words ? $": {words}" : "";

    /// <summary>Waits for the end; false where it did not come in time.</summary>
    public async Task<bool> EndedWithinAsync(TimeSpan time, CancellationToken cancellation = default)
    {
        try
        {
            await _process.WaitForExitAsync(cancellation).WaitAsync(time, _time, cancellation);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>Its exit code, once it has ended.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>What it used beyond its limit, where that is why it was killed.</summary>
    public ModelProcessFailure.OutOfMemory? OverLimit => _overLimit;

    /// <summary>Kills the child and its descendants at once.</summary>
    public void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or AggregateException)
        {
            // Already gone, or going.
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        Kill();
        await _watching.CancelAsync();
        await _watch;
        await EndedWithinAsync(Grace);
        _process.Dispose();
        _watching.Dispose();
        try
        {
            Directory.Delete(_folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A temporary folder that the system will clear.
        }
    }

    private async Task WatchAsync(long limit)
    {
        using var timer = new PeriodicTimer(WatchEvery, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(_watching.Token))
            {
                if (ProcessStatus.Read(_process) is { } memory && memory.CurrentBytes > limit)
                {
                    _overLimit = new ModelProcessFailure.OutOfMemory(limit, memory.CurrentBytes);
                    Kill();
                    return;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }

    private static void OfferToOutOfMemoryKiller(Process process)
    {
        if (!OperatingSystem.IsLinux())
            return;
        try
        {
            File.WriteAllText($"/proc/{process.Id}/oom_score_adj", "1000");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Gone already, or a kernel that does not allow it: the watchdog is what limits memory.
        }
    }
}
