using System.ComponentModel;
using System.Globalization;
using System.Text.Json;
using Baton.Contracts;
using Baton.Inference.Execution;

namespace Baton.Verification.Agent;

/// <summary>Runs one verification in a child process under the agent's limits, and gives its evidence whatever becomes of the child.</summary>
internal static class JobRun
{
    /// <summary>Verifies what lies in a folder.</summary>
    /// <param name="request">The request in the folder.</param>
    /// <param name="folder">The folder.</param>
    /// <param name="options">How to start the child and what it may use.</param>
    /// <param name="progress">Told what is being done, one short line.</param>
    /// <param name="time">Clock.</param>
    /// <param name="cancellation">Kills the child with all it started.</param>
    /// <exception cref="Win32Exception">The child cannot be started.</exception>
    public static async Task<Evidence> RunAsync(
        VerificationRequest request, string folder, AgentOptions options, Action<string> progress, TimeProvider time, CancellationToken cancellation)
    {
        var started = time.GetUtcNow();
        await using var child = ChildProcess.Start(options.FileName, [.. options.Arguments, .. options.RunsCommands ? [VerificationJob.RunCommandsFlag] : Array.Empty<string>(), folder], options.MemoryLimitBytes, time);
        _ = FollowAsync(child.Output, progress);
        ModelProcessFailure failure;
        if (!await child.EndedWithinAsync(options.JobTimeLimit, cancellation))
            failure = new ModelProcessFailure.TimedOut(options.JobTimeLimit);
        else if (Path.Combine(folder, VerificationJob.EvidenceFile) is var file && child.ExitCode == 0 && File.Exists(file))
            return Documents.Read<Evidence>(await File.ReadAllTextAsync(file, cancellation));
        else
            failure = await child.DeathAsync();
        return BrokenOff.Died(request, $"the verifying process gave no evidence: {failure.Sentence}", started, time);
    }

    private static async Task FollowAsync(Stream output, Action<string> progress)
    {
        try
        {
            using var reader = new StreamReader(output);
            while (await reader.ReadLineAsync() is { } line)
            {
                var step = JsonSerializer.Deserialize<VerificationProgress>(line, Documents.Compact)!;
                progress(string.Create(CultureInfo.InvariantCulture, $"{step.Clause}: {step.Text} ({step.Fraction:0%})"));
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or JsonException or OperationCanceledException)
        {
            // Progress is a courtesy; the evidence is what counts.
        }
    }
}
