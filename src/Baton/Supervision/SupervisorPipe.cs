using System.Runtime.InteropServices;

namespace Baton.Supervision;

/// <summary>A child's end of the pipe to its supervisor: the first line brings the secret, the end of the stream says that the supervisor is gone.</summary>
internal static partial class SupervisorPipe
{
    /// <summary>
    /// Joins the supervisor: reads the first line, then returns it with a token that is cancelled when the pipe closes, however the
    /// supervisor ended. Ctrl-C is left to the supervisor, which ends its children in order.
    /// </summary>
    public static async Task<(string? FirstLine, CancellationToken Gone)> JoinAsync(CancellationToken stop)
    {
        LeaveProcessGroup();
        var reader = new StreamReader(Console.OpenStandardInput());
        var first = await reader.ReadLineAsync(stop);
        var gone = CancellationTokenSource.CreateLinkedTokenSource(stop);
        // A thread of its own: a blocked read on the pool would cost a worker for the life of the process.
        new Thread(() =>
        {
            try
            {
                while (reader.ReadLine() is not null)
                {
                }
            }
            catch (IOException)
            {
                // A broken pipe is a closed one.
            }
            gone.Cancel();
        })
        { IsBackground = true, Name = "supervisor pipe" }.Start();
        return (first is { Length: > 0 } ? first : null, gone.Token);
    }

    private static void LeaveProcessGroup()
    {
        // The terminal sends Ctrl-C to the whole group at once; the supervisor must be the only one to hear it.
        if (!OperatingSystem.IsWindows())
            _ = SetProcessGroup(0, 0);
    }

    [DllImport("libc", EntryPoint = "setpgid")]
    private static extern int SetProcessGroup(int process, int group);
}
