using System.ComponentModel;
using System.Diagnostics;

namespace Baton.Quickstart;

/// <summary>The commit that the working directory is at, as training code would tell it.</summary>
/// <param name="Commit">Commit.</param>
/// <param name="Dirty">Whether there are changes that are not in it.</param>
/// <param name="Changes">Those changes as a patch, to be kept beside the run; null where there are none.</param>
internal sealed record GitCheckout(string Commit, bool Dirty, string? Changes)
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(5);

    /// <summary>Asks git; null where there is no git or no commit.</summary>
    public static async Task<GitCheckout?> FindAsync(CancellationToken cancel)
    {
        var commit = await AskAsync(cancel, "rev-parse", "--verify", "HEAD");
        if (commit is null)
            return null;
        var changes = await AskAsync(cancel, "status", "--porcelain", "--untracked-files=no");
        var dirty = changes is not { Length: 0 };
        return new GitCheckout(commit, dirty, dirty ? await AskAsync(cancel, "diff", "--binary", "HEAD") : null);
    }

    private static async Task<string?> AskAsync(CancellationToken cancel, params string[] arguments)
    {
        try
        {
            var start = new ProcessStartInfo("git", arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
            using var git = Process.Start(start)!;
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            limit.CancelAfter(AnswerWithin);
            var complaint = git.StandardError.ReadToEndAsync(limit.Token);
            var answer = await git.StandardOutput.ReadToEndAsync(limit.Token);
            await complaint;
            await git.WaitForExitAsync(limit.Token);
            return git.ExitCode == 0 ? answer.Trim() : null;
        }
        catch (Exception e) when (e is Win32Exception || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            // Not installed, or a repository too large to tell in time.
            return null;
        }
    }
}
